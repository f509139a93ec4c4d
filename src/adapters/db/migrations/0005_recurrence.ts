import { type Kysely, sql } from "kysely";

const liveIndexes = [
  {
    name: "tasks_open_due",
    columns: "user_id, (coalesce(due_at, 'infinity'::timestamptz)), id",
    where: "deleted_at IS NULL AND NOT completed",
  },
  {
    name: "tasks_completed",
    columns: "user_id, (coalesce(completed_at, 'infinity'::timestamptz)), id",
    where: "deleted_at IS NULL AND completed",
  },
  { name: "tasks_live_created", columns: "user_id, created_at, id", where: "deleted_at IS NULL" },
];

/**
 * Recurring tasks: what a series and an occurrence have beyond a task, and what the recurring processor has learned of
 * each series. Dates by the rule are text in the order of the calendar, so they are compared byte by byte. `down`
 * leaves the row of each series and of each occurrence as the plain task it is to the release before; a withdrawn
 * occurrence stays in the trash.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    ALTER TABLE tasks
      ADD COLUMN recurrence_pattern text,
      ADD COLUMN recurrence_rule text,
      ADD COLUMN recurrence_text text,
      ADD COLUMN recurrence_end_date text,
      ADD COLUMN recurrence_basis text CHECK (recurrence_basis IN ('schedule', 'completion')),
      ADD COLUMN recurrence_catch_up text CHECK (recurrence_catch_up IN ('latest', 'all')),
      ADD COLUMN recurrence_paused_until text,
      ADD COLUMN recurrence_time_zone text,
      ADD COLUMN recurrence_passed_over text,
      ADD COLUMN next_occurrence_date text COLLATE "C",
      ADD COLUMN parent_recurring_task_id uuid,
      ADD COLUMN occurrence_date text COLLATE "C",
      ADD COLUMN occurrence_outcome text CHECK (occurrence_outcome IN ('skipped', 'withdrawn', 'detached'))`.execute(
    db,
  );
  await sql`
    CREATE UNIQUE INDEX tasks_occurrence ON tasks (parent_recurring_task_id, occurrence_date)
      WHERE parent_recurring_task_id IS NOT NULL`.execute(db);
  await sql`
    CREATE INDEX tasks_open_occurrences ON tasks (parent_recurring_task_id)
      WHERE parent_recurring_task_id IS NOT NULL AND deleted_at IS NULL AND NOT completed`.execute(db);
  // Lists leave series out: the indexes that count them say which they are, without a look at the table.
  for (const index of liveIndexes) {
    await sql`DROP INDEX ${sql.id(index.name)}`.execute(db);
    await sql`CREATE INDEX ${sql.id(index.name)} ON tasks (${sql.raw(index.columns)}) INCLUDE (recurrence_basis) WHERE ${sql.raw(index.where)}`.execute(
      db,
    );
  }
  await sql`CREATE INDEX tasks_series ON tasks (user_id, created_at, id) WHERE recurrence_basis IS NOT NULL`.execute(
    db,
  );
  await sql`
    CREATE TABLE recurring_series (
      series_id uuid PRIMARY KEY,
      user_id uuid NOT NULL,
      version integer NOT NULL,
      recurrence_pattern text,
      due_date text,
      recurrence_time_zone text,
      recurrence_end_date text,
      recurrence_basis text NOT NULL,
      recurrence_catch_up text,
      recurrence_paused_until text,
      next_occurrence_date text,
      kept_date text,
      look_at timestamptz,
      failures integer NOT NULL DEFAULT 0,
      dead_reason text
    ) WITH (fillfactor = 80)`.execute(db);
  await sql`CREATE INDEX recurring_series_look ON recurring_series (look_at) WHERE look_at IS NOT NULL`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP TABLE recurring_series`.execute(db);
  await sql`DROP INDEX tasks_occurrence, tasks_open_occurrences, tasks_series`.execute(db);
  for (const index of liveIndexes) {
    await sql`DROP INDEX ${sql.id(index.name)}`.execute(db);
    await sql`CREATE INDEX ${sql.id(index.name)} ON tasks (${sql.raw(index.columns)}) WHERE ${sql.raw(index.where)}`.execute(
      db,
    );
  }
  await sql`
    ALTER TABLE tasks
      DROP COLUMN recurrence_pattern, DROP COLUMN recurrence_rule, DROP COLUMN recurrence_text, DROP COLUMN recurrence_end_date,
      DROP COLUMN recurrence_basis, DROP COLUMN recurrence_catch_up, DROP COLUMN recurrence_paused_until, DROP COLUMN recurrence_time_zone,
      DROP COLUMN recurrence_passed_over, DROP COLUMN next_occurrence_date, DROP COLUMN parent_recurring_task_id,
      DROP COLUMN occurrence_date, DROP COLUMN occurrence_outcome`.execute(db);
};
