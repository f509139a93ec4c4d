import { type Database, sql } from "../../../adapters/db/database.ts";
import type { Clock, Logger } from "../../../ports.ts";

/** How long an API token that has reached its end is still listed, so that its owner sees why a script has stopped. */
const LISTED_MS = 30 * 86_400_000;

/**
 * Deletes sessions, stream tickets and API tokens whose time is over. They are refused already; this only gives the
 * room back. What every process has learned of ended credentials goes too.
 */
export const deleteExpired = async ({
  database,
  clock,
  log,
}: {
  database: Database;
  clock: Clock;
  log: Logger;
}): Promise<void> => {
  const now = clock.now();
  const expired = {
    refresh_tokens: new Date(now),
    stream_tickets: new Date(now),
    api_tokens: new Date(now - LISTED_MS),
  };
  for (const table of ["refresh_tokens", "stream_tickets", "api_tokens"] as const) {
    const { numDeletedRows } = await database.kysely
      .deleteFrom(table)
      .where("expires_at", "<=", expired[table])
      .executeTakeFirst();
    if (numDeletedRows > 0n) log.debug({ table, deleted: Number(numDeletedRows) }, "deleted what has expired");
  }
  // By the database's clock, as they are written and read.
  await sql`DELETE FROM ended_credentials WHERE ended_at < now() - interval '1 hour'`.execute(database.kysely);
};
