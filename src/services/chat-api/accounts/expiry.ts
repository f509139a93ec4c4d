import type { Database } from "../../../adapters/db/database.ts";
import type { Clock, Logger } from "../../../ports.ts";

/** Deletes sessions and stream tickets whose time is over. They are refused already; this only gives the room back. */
export const deleteExpired = async ({
  database,
  clock,
  log,
}: {
  database: Database;
  clock: Clock;
  log: Logger;
}): Promise<void> => {
  const now = new Date(clock.now());
  for (const table of ["refresh_tokens", "stream_tickets"] as const) {
    const { numDeletedRows } = await database.kysely
      .deleteFrom(table)
      .where("expires_at", "<=", now)
      .executeTakeFirst();
    if (numDeletedRows > 0n) log.debug({ table, deleted: Number(numDeletedRows) }, "deleted what has expired");
  }
};
