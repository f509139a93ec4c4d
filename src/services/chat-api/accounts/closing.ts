import { type Database, sql, type Tx } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { Clock, CredentialWatch, PasswordHasher } from "../../../ports.ts";
import type { Actor } from "../tasks/writer.ts";
import { confirmPassword } from "./password-check.ts";

export interface ClosingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: PasswordHasher;
  readonly credentials: Pick<CredentialWatch, "look">;
  /** Purges every task of the actor's user, each with its event; safe to repeat. */
  readonly purgeAll: (actor: Actor) => Promise<void>;
}

const MOST_TRIES = 5;

/**
 * Closes the actor's account for good: every task is purged with its event, then everything that could open the account
 * again goes at once, and the row that is left names nobody. The history and the event log forget the words a little
 * later, when every consumer has heard of the purge. Safe to repeat after a failure.
 * @throws DomainError `wrong_password` when the password is not the account's
 */
export const createClosing =
  ({ database, clock, passwords, credentials, purgeAll }: ClosingDeps) =>
  async (actor: Actor, password: string): Promise<void> => {
    await confirmPassword({ database, passwords }, actor.userId, { field: "password", password });
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await purgeAll(actor);
      if (await closeWhenEmpty(database, actor, new Date(clock.now()))) return credentials.look();
    }
    throw new DomainError("unavailable", "tasks are still being added to this account; it is still open", {
      retryAfter: 1,
    });
  };

/** Answers false, and changes nothing, when a task was added since the purge. */
const closeWhenEmpty = (database: Database, actor: Actor, now: Date): Promise<boolean> =>
  database.kysely.transaction().execute(async (tx) => {
    // Every write of a task locks the head: whoever was before us has committed now, whoever comes later finds no head.
    const head = await tx
      .selectFrom("event_heads")
      .select("sequence")
      .where("user_id", "=", actor.userId)
      .forUpdate()
      .executeTakeFirst();
    const task = await tx
      .selectFrom("tasks")
      .select("id")
      .where("user_id", "=", actor.userId)
      .limit(1)
      .executeTakeFirst();
    if (task !== undefined) return false;
    if (head !== undefined) await requestErasure(tx, actor, head.sequence, now);
    await anonymise(tx, actor.userId, now);
    return true;
  });

/** What the history and the event log have to do; who asked for it stays. */
const requestErasure = async (
  tx: Tx,
  { userId, actorKind, actorId, correlationId }: Actor,
  lastSequence: number,
  now: Date,
): Promise<void> => {
  await tx
    .insertInto("account_erasures")
    .values({
      user_id: userId,
      requested_at: now,
      actor_kind: actorKind,
      actor_id: actorId,
      correlation_id: correlationId,
      last_sequence: lastSequence,
    })
    .execute();
};

/** `.invalid` is the domain that can never receive mail (RFC 2606 §2); the address itself is free again. */
const anonymise = async (tx: Tx, userId: string, now: Date): Promise<void> => {
  // First, as a change of the password does: one that crosses waits here instead of for a session.
  await sql`
    UPDATE users SET email = id || '@closed.invalid', name = '', password_hash = '', time_zone = 'UTC', disabled_at = ${now}
    WHERE id = ${userId}`.execute(tx);
  for (const table of ["refresh_tokens", "api_tokens", "stream_tickets", "idempotency_keys", "event_heads"] as const)
    await tx.deleteFrom(table).where("user_id", "=", userId).execute();
};
