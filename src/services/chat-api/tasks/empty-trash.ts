import { type Database, sql } from "../../../adapters/db/database.ts";
import type { Purge } from "./purge.ts";
import type { Actor } from "./writer.ts";

const BATCH = 200;

/** Takes what a user moved to the trash until an instant (epoch ms) away for good. Answers how many. Safe to repeat. */
export type EmptyTrash = (actor: Actor, until: number) => Promise<number>;

export const createEmptyTrash =
  ({ database, purge }: { database: Database; purge: Purge }): EmptyTrash =>
  async (actor, until) => {
    let purged = 0;
    for (;;) {
      const ids = await readTrash(database, actor.userId, until);
      if (ids.length === 0) return purged;
      purged += await purge(
        actor,
        ids,
        // What was restored meanwhile stays.
        ({ deleted_at }) => deleted_at !== null && Date.parse(deleted_at) <= until,
      );
    }
  };

const readTrash = async (database: Database, userId: string, until: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM tasks t WHERE user_id = ${userId}::uuid AND deleted_at <= ${new Date(until)} AND (
      -- A series may still bring back what it withdrew.
      occurrence_outcome IS DISTINCT FROM 'withdrawn' OR NOT EXISTS (SELECT FROM tasks s WHERE s.id = t.parent_recurring_task_id)
    ) ORDER BY deleted_at LIMIT ${BATCH}`.execute(database.kysely);
  return rows.map(({ id }) => id);
};
