import type { Clock, CredentialWatch, EndedCredential, Logger, StartLoop } from "../../ports.ts";
import type { Database } from "../db/database.ts";
import { createListener } from "../db/listener.ts";

export interface CredentialWatchDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly startLoop: StartLoop;
}

export interface StartedCredentialWatch extends CredentialWatch {
  /** Learns what ended before this process began; rejects when the database is away. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The triggers of migration 0018 say a word on it. */
const CHANNEL = "taskflow_ended_credentials";
/** How late a process may learn of an end when the word of it was lost. */
const LOOK_MS = 1_000;
const LISTEN_MS = 5_000;
/** An access token lives for 15 minutes: whoever's session ended before that has none. */
const REMEMBERED_MS = 20 * 60_000;
/** Rows become visible in the order of their commits, not of their instants: one look overlaps the one before. */
const OVERLAP_MS = 60_000;

const endedStatement = `
SELECT position, kind, id, user_id AS "userId" FROM ended_credentials
WHERE ended_at > now() - make_interval(secs => $1) ORDER BY position`;

const livingStatement = `
SELECT family_id AS id FROM refresh_tokens WHERE family_id = ANY ($1::uuid[]) AND expires_at > $2
UNION
SELECT t.id FROM api_tokens t JOIN users u ON u.id = t.user_id
WHERE t.id = ANY ($1::uuid[]) AND (t.expires_at IS NULL OR t.expires_at > $2) AND u.disabled_at IS NULL`;

type EndedRow = EndedCredential & { readonly position: number };

/** Follows the table of ended credentials, by a word of the database and by looking each second (docs/adr/0051). */
export const createCredentialWatch = ({
  database,
  clock,
  log,
  startLoop,
}: CredentialWatchDeps): StartedCredentialWatch => {
  const listeners = new Set<(ended: EndedCredential) => void>();
  /** When each was learned of, in milliseconds of this process, oldest first. */
  const known = new Map<number, number>();
  const ended = new Map<string, number>();
  let lookedAt: number | undefined;
  let stopWatching = (): Promise<void> => Promise.resolve();

  const note = ({ position, ...credential }: EndedRow, now: number): void => {
    if (known.has(position)) return;
    known.set(position, now);
    // A user who is enabled again uses the same API tokens, so that only those that never come back are remembered.
    if (credential.kind !== "user") ended.set(credential.id, now);
    for (const listener of listeners) listener(credential);
  };

  const forget = (before: number): void => {
    for (const learned of [known, ended] as readonly Map<unknown, number>[])
      for (const [key, at] of learned) {
        if (at >= before) break;
        learned.delete(key);
      }
  };

  const read = async (): Promise<void> => {
    const now = performance.now();
    const sinceMs = lookedAt === undefined ? REMEMBERED_MS : Math.min(now - lookedAt + OVERLAP_MS, REMEMBERED_MS);
    const rows = await database.prepared<EndedRow & Record<string, unknown>>("ended-credentials", endedStatement, [
      sinceMs / 1_000,
    ]);
    for (const { position, kind, id, userId } of rows) note({ position, kind, id, userId }, now);
    lookedAt = now;
    forget(now - REMEMBERED_MS);
  };

  const watch = (): void => {
    const look = startLoop("ended credentials", LOOK_MS, read);
    const listener = createListener({ database, channel: CHANNEL, log, onWord: () => look.wake() });
    const listen = startLoop("words of ended credentials", LISTEN_MS, () => listener.keep());
    stopWatching = async () => {
      await Promise.all([look.stop(), listen.stop()]);
      await listener.stop();
    };
  };

  return {
    hasEnded: (credentialId) => ended.has(credentialId),
    onEnd(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async look() {
      await read().catch((error: unknown) => log.warn({ err: error }, "what has just ended is learned a little later"));
    },
    async living(credentialIds) {
      if (credentialIds.length === 0) return new Set();
      const values = [credentialIds, new Date(clock.now())];
      const rows = await database.prepared<{ id: string }>("living-credentials", livingStatement, values);
      return new Set(rows.map(({ id }) => id));
    },
    async start() {
      await read();
      watch();
    },
    stop: () => stopWatching(),
  };
};
