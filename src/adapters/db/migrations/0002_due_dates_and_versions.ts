import { type Kysely, sql } from "kysely";

/**
 * What a task has beyond the base. Every column is nullable or has a default, so that a base client's statements go on
 * working, and `down` leaves the base data as it was. Trashed tasks come back with `down`: the base knows no trash.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    ALTER TABLE users
      ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
      ADD COLUMN week_start text NOT NULL DEFAULT 'monday' CHECK (week_start IN ('monday', 'sunday', 'saturday')),
      ADD COLUMN all_day_hour smallint NOT NULL DEFAULT 9 CHECK (all_day_hour BETWEEN 0 AND 23),
      ADD COLUMN disabled_at timestamptz`.execute(db);
  await sql`
    ALTER TABLE tasks
      ADD COLUMN priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2),
      ADD COLUMN due_date text,
      ADD COLUMN due_at timestamptz,
      ADD COLUMN overdue_at timestamptz,
      ADD COLUMN version integer NOT NULL DEFAULT 1,
      ADD COLUMN completed_at timestamptz,
      ADD COLUMN deleted_at timestamptz`.execute(db);
  await sql`
    CREATE INDEX tasks_open_due ON tasks (user_id, (coalesce(due_at, 'infinity'::timestamptz)), id)
      WHERE deleted_at IS NULL AND NOT completed`.execute(db);
  await sql`
    CREATE INDEX tasks_completed ON tasks (user_id, (coalesce(completed_at, 'infinity'::timestamptz)), id)
      WHERE deleted_at IS NULL AND completed`.execute(db);
  await sql`DROP INDEX tasks_created`.execute(db);
  await sql`CREATE INDEX tasks_live_created ON tasks (user_id, created_at, id) WHERE deleted_at IS NULL`.execute(db);
  await sql`CREATE INDEX tasks_trash ON tasks (deleted_at, user_id) WHERE deleted_at IS NOT NULL`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP INDEX tasks_open_due, tasks_completed, tasks_live_created, tasks_trash`.execute(db);
  await sql`CREATE INDEX tasks_created ON tasks (user_id, created_at, id)`.execute(db);
  await sql`
    ALTER TABLE tasks
      DROP COLUMN priority, DROP COLUMN due_date, DROP COLUMN due_at, DROP COLUMN overdue_at,
      DROP COLUMN version, DROP COLUMN completed_at, DROP COLUMN deleted_at`.execute(db);
  await sql`
    ALTER TABLE users
      DROP COLUMN time_zone, DROP COLUMN week_start, DROP COLUMN all_day_hour, DROP COLUMN disabled_at`.execute(db);
};
