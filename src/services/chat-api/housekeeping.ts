import { type Database, sql } from "../../adapters/db/database.ts";
import type { Clock, Logger } from "../../ports.ts";
import type { Purge } from "./tasks/purge.ts";

const MS_PER_DAY = 86_400_000;
const PURGE_BATCH = 200;

export interface HousekeepingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly purge: Purge;
  readonly newId: () => string;
  readonly trashDays: number;
  /** 0 keeps events for ever. */
  readonly eventRetentionDays: number;
}

/**
 * What time takes away: old trash, old idempotency keys and, where a retention is set, old events. One that fails does
 * not keep the others from it, and is thrown at the end.
 */
export const createHousekeeping = (deps: HousekeepingDeps) => async (): Promise<void> => {
  const results = await Promise.allSettled([
    purgeTrash(deps),
    sql`DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'`.execute(deps.database.kysely),
    deps.eventRetentionDays > 0 ? forgetEvents(deps) : undefined,
  ]);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
};

const purgeTrash = async ({ database, clock, log, purge, newId, trashDays }: HousekeepingDeps): Promise<void> => {
  const trashedBefore = clock.now() - trashDays * MS_PER_DAY;
  // Whose trash cannot be purged is left out until the next time, or the others' would wait for it for ever.
  const failing: string[] = [];
  for (;;) {
    const { rows } = await sql<{ user_id: string; ids: string[] }>`
      SELECT user_id, array_agg(id) AS ids FROM (
        SELECT user_id, id FROM tasks t WHERE deleted_at < ${new Date(trashedBefore)} AND user_id <> ALL (${failing}::uuid[]) AND (
          -- A series may still bring back what it withdrew, and consumers would take one that is made anew for old news.
          occurrence_outcome IS DISTINCT FROM 'withdrawn' OR NOT EXISTS (SELECT FROM tasks s WHERE s.id = t.parent_recurring_task_id)
        ) ORDER BY deleted_at LIMIT ${PURGE_BATCH}
      ) due GROUP BY user_id`.execute(database.kysely);
    if (rows.length === 0) return;
    for (const { user_id, ids } of rows) {
      const actor = { userId: user_id, actorId: "trash", actorKind: "system", correlationId: newId() } as const;
      try {
        const purged = await purge(
          actor,
          ids,
          ({ deleted_at }) => deleted_at !== null && Date.parse(deleted_at) < trashedBefore,
        );
        log.info({ purged }, "purged the trash");
      } catch (error) {
        failing.push(user_id);
        log.warn({ user_id, err: error }, "a user's trash could not be purged; trying again later");
      }
    }
  }
};

/** Published events only; the newest of each user stays, so that a stream can always tell where it is. */
const forgetEvents = async ({ database, clock, eventRetentionDays }: HousekeepingDeps): Promise<void> => {
  await sql`
    DELETE FROM events e USING event_heads h
    WHERE e.user_id = h.user_id AND e.sequence < h.sequence AND e.created_at < ${new Date(clock.now() - eventRetentionDays * MS_PER_DAY)}
      AND NOT EXISTS (SELECT FROM outbox o WHERE o.user_id = e.user_id AND o.sequence = e.sequence)`.execute(
    database.kysely,
  );
};
