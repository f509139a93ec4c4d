import type { Database } from "../../../adapters/db/database.ts";
import type { Purge } from "./purge.ts";
import type { Actor } from "./writer.ts";

const BATCH = 200;

/** Takes every task of a user away for good, with its events, for an account that is being closed. Safe to repeat. */
export const createPurgeAll =
  ({ database, purge }: { database: Database; purge: Purge }) =>
  async (actor: Actor): Promise<void> => {
    for (;;) {
      const rows = await database.kysely
        .selectFrom("tasks")
        .select("id")
        .where("user_id", "=", actor.userId)
        .limit(BATCH)
        .execute();
      if (rows.length === 0) return;
      await purge(
        actor,
        rows.map(({ id }) => id),
        () => true,
      );
    }
  };
