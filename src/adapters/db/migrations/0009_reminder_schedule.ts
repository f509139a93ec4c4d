import { type Kysely, sql } from "kysely";

/**
 * What reminder-service has learned by events: the tasks that have reminders, what is to become of each reminder, and
 * what did. A purged task leaves its version, so that an event that comes later than its purge finds nothing to plan.
 * The key of a reminder has its task in it, because clients may choose ids. All of it follows from the event log.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE TABLE reminder_tasks (
      task_id uuid PRIMARY KEY,
      user_id uuid NOT NULL,
      version integer NOT NULL,
      task json,
      time_zone text NOT NULL
    ) WITH (fillfactor = 80)`.execute(db);
  await sql`
    CREATE TABLE reminder_schedule (
      reminder_id uuid NOT NULL,
      task_id uuid NOT NULL,
      user_id uuid NOT NULL,
      task_version integer NOT NULL,
      created bigint GENERATED ALWAYS AS IDENTITY,
      reminder json NOT NULL,
      remind_at timestamptz,
      acknowledged_at timestamptz,
      priority smallint NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'sent', 'cancelled')),
      cancelled_because text,
      planned_by uuid NOT NULL,
      planned_at timestamptz NOT NULL,
      fired_at timestamptz,
      late_ms bigint,
      event_id uuid,
      PRIMARY KEY (reminder_id, task_id),
      CHECK (status <> 'pending' OR remind_at IS NOT NULL)
    ) WITH (fillfactor = 80)`.execute(db);
  // In the order in which reminders of one instant are given, so that what is due is read off its beginning.
  await sql`CREATE INDEX reminder_schedule_due ON reminder_schedule (remind_at, priority DESC, created) WHERE status = 'pending'`.execute(
    db,
  );
  await sql`CREATE INDEX reminder_schedule_task ON reminder_schedule (task_id)`.execute(db);
  await sql`CREATE INDEX reminder_schedule_user ON reminder_schedule (user_id, (coalesce(remind_at, 'infinity'::timestamptz)), reminder_id, task_id)`.execute(
    db,
  );
  await sql`
    CREATE TABLE reminder_steps (
      reminder_id uuid NOT NULL,
      task_id uuid NOT NULL,
      step bigint GENERATED ALWAYS AS IDENTITY,
      at timestamptz NOT NULL,
      what text NOT NULL,
      event_id uuid,
      remind_at timestamptz,
      because text,
      late_ms bigint,
      PRIMARY KEY (task_id, reminder_id, step)
    )`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP TABLE reminder_steps, reminder_schedule, reminder_tasks`.execute(db);
};
