import { type Kysely, sql } from "kysely";

/**
 * What a task was at any moment: its newest change until then. The index has the instant too, so that one pass over it finds that change for
 * every task of a user. A reminder that was given changes no task.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE INDEX events_task ON events (user_id, task_id, sequence) INCLUDE (created_at) WHERE event_type <> 'task.reminder.triggered'`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP INDEX events_task`.execute(db);
};
