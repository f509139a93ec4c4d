import { type Kysely, sql } from "kysely";

/**
 * The ids of tasks that are gone for good: none of them is ever a task's id again. Those from before are found in the
 * event log, and in what reminder-service keeps of a purged task. By the sequence reminder-service tells a task that is
 * made anew from late news of one that is gone; rows from before have none, and go by the version.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`CREATE TABLE purged_tasks (id uuid PRIMARY KEY)`.execute(db);
  await sql`
    INSERT INTO purged_tasks
    SELECT task_id FROM events WHERE (listed).is_purged
    UNION
    SELECT task_id FROM reminder_tasks WHERE task IS NULL
    EXCEPT
    SELECT id FROM tasks`.execute(db);
  await sql`ALTER TABLE reminder_tasks ADD COLUMN sequence bigint`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE reminder_tasks DROP COLUMN sequence`.execute(db);
  await sql`DROP TABLE purged_tasks`.execute(db);
};
