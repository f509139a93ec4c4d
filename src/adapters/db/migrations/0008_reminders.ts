import { type Kysely, sql } from "kysely";

/**
 * Reminders on tasks, as their users want them, and the hour at which all-day tasks remind beside the zone: what both
 * depend on is checked by the statement that writes. `remind_until` is the last instant at which a task has a reminder
 * to give. `down` leaves the tasks as they are without reminders.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE tasks ADD COLUMN reminders jsonb, ADD COLUMN remind_until timestamptz`.execute(db);
  // A list of entries that wait to be put in order would be read by every look.
  await sql`
    CREATE INDEX tasks_reminder_ids ON tasks USING gin (jsonb_path_query_array(reminders, '$[*].id') jsonb_path_ops) WITH (fastupdate = off)
      WHERE reminders IS NOT NULL`.execute(db);
  await sql`CREATE INDEX tasks_remind_until ON tasks (user_id, remind_until) WHERE remind_until IS NOT NULL`.execute(
    db,
  );
  await sql`ALTER TABLE event_heads ADD COLUMN all_day_hour smallint NOT NULL DEFAULT 9`.execute(db);
  await sql`UPDATE event_heads h SET all_day_hour = u.all_day_hour FROM users u WHERE u.id = h.user_id AND u.all_day_hour <> 9`.execute(
    db,
  );
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE event_heads DROP COLUMN all_day_hour`.execute(db);
  await sql`DROP INDEX tasks_reminder_ids, tasks_remind_until`.execute(db);
  await sql`ALTER TABLE tasks DROP COLUMN reminders, DROP COLUMN remind_until`.execute(db);
};
