import { type Kysely, sql } from "kysely";

/**
 * Lists of the past without reading JSON (docs/adr/0025): what lists filter and sort by is a column of each event, made
 * by the database of the event itself, and in the index. The texts that are read as instants have an offset of their
 * own, so the function is immutable whatever the session's settings are.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE TYPE listed_task AS (
      title text, completed boolean, priority smallint, due_date text, due_at timestamptz, created_at timestamptz, completed_at timestamptz,
      deleted_at timestamptz, recurrence_basis text, parent_recurring_task_id uuid, occurrence_outcome text, is_purged boolean
    )`.execute(db);
  await sql`
    CREATE FUNCTION listed_task_of(event_type text, data json) RETURNS listed_task LANGUAGE sql IMMUTABLE
    RETURN (
      SELECT ROW(
        t.title, t.completed, array_position(ARRAY['low', 'medium', 'high'], t.priority) - 1, t.due_date, t.due_at, t.created_at, t.completed_at,
        t.deleted_at, t.recurrence_basis, t.parent_recurring_task_id, t.occurrence_outcome, event_type = 'task.deleted' AND data->'purged_at' IS NOT NULL
      )::listed_task
      FROM json_to_record(data->'task') AS t (
        title text, completed boolean, priority text, due_date text, due_at timestamptz, created_at timestamptz, completed_at timestamptz,
        deleted_at timestamptz, recurrence_basis text, parent_recurring_task_id uuid, occurrence_outcome text
      )
    )`.execute(db);
  await sql`
    ALTER TABLE events ADD COLUMN listed listed_task
      GENERATED ALWAYS AS (CASE WHEN event_type <> 'task.reminder.triggered' THEN listed_task_of(event_type, data) END) STORED`.execute(
    db,
  );
  await sql`DROP INDEX events_task`.execute(db);
  await sql`
    CREATE INDEX events_task ON events (user_id, task_id, sequence) INCLUDE (created_at, listed) WHERE event_type <> 'task.reminder.triggered'`.execute(
    db,
  );
  await sql`CREATE INDEX events_purged ON events (user_id, task_id) INCLUDE (created_at) WHERE (listed).is_purged`.execute(
    db,
  );
  // An index is read alone where the table's pages are known to have no rows on their way; that is learned when they
  // are vacuumed.
  await sql`ALTER TABLE events SET (autovacuum_vacuum_insert_scale_factor = 0.02)`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE events RESET (autovacuum_vacuum_insert_scale_factor)`.execute(db);
  await sql`DROP INDEX events_purged, events_task`.execute(db);
  await sql`ALTER TABLE events DROP COLUMN listed`.execute(db);
  await sql`DROP FUNCTION listed_task_of`.execute(db);
  await sql`DROP TYPE listed_task`.execute(db);
  await sql`CREATE INDEX events_task ON events (user_id, task_id, sequence) INCLUDE (created_at) WHERE event_type <> 'task.reminder.triggered'`.execute(
    db,
  );
};
