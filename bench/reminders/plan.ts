import { randomUUID } from "node:crypto";
import { Client } from "pg";

export interface Plan {
  readonly users: readonly string[];
  readonly count: number;
  /** From the database's now until the first, and from one to the next, in milliseconds. */
  readonly firstMs: number;
  readonly stepMs: number;
  /** Reminders of one task. */
  readonly perTask: number;
}

/**
 * What the schedule of a reminder service is made of; written behind its back, so that what is measured is giving
 * alone.
 */
export const planReminders = async (
  databaseUrl: string,
  { users, count, firstMs, stepMs, perTask }: Plan,
): Promise<void> => {
  const pg = new Client({ connectionString: databaseUrl });
  await pg.connect();
  const { rows } = await pg.query<{ start: Date }>(
    "SELECT date_trunc('milliseconds', clock_timestamp() + $1 * interval '1 ms') AS start",
    [firstMs],
  );
  for (let planned = 0; planned < count; planned += BATCH) {
    const size = Math.min(BATCH, count - planned);
    await pg.query(statement, [
      users,
      planned,
      size,
      rows[0]?.start,
      stepMs,
      perTask,
      JSON.stringify(task),
      randomUUID(),
    ]);
  }
  await pg.query("ANALYZE reminder_schedule, reminder_tasks");
  await pg.end();
};

/** Takes back what was planned for a long time hence. */
export const forgetPending = async (databaseUrl: string): Promise<void> => {
  const pg = new Client({ connectionString: databaseUrl });
  await pg.connect();
  await pg.query(
    "DELETE FROM reminder_tasks t USING reminder_schedule s WHERE s.task_id = t.task_id AND s.status = 'pending'",
  );
  await pg.query("DELETE FROM reminder_schedule WHERE status = 'pending'");
  await pg.query("VACUUM ANALYZE reminder_schedule, reminder_tasks");
  await pg.end();
};

const BATCH = 50_000;

const task = {
  title: "Call the bank",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: null,
  due_at: null,
  version: 1,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  completed_at: null,
  deleted_at: null,
};

/** Reminder n is of user n modulo their number, so that one user's are far apart. */
const statement = `
WITH each AS MATERIALIZED (
  SELECT n, ($1::uuid[])[1 + n % cardinality($1::uuid[])] AS user_id, $4::timestamptz + n * $5::float8 * interval '1 ms' AS remind_at
  FROM generate_series($2::int, $2::int + $3::int - 1) AS n
), tasks AS MATERIALIZED (
  SELECT gen_random_uuid() AS task_id, user_id, part, numbers FROM (
    SELECT user_id, (place - 1) / $6::int AS part, array_agg(n) AS numbers
    FROM (SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY n) AS place FROM each) placed GROUP BY user_id, part) parts
), known AS (
  INSERT INTO reminder_tasks (task_id, user_id, version, task, time_zone)
  SELECT task_id, user_id, 1, ($7::jsonb || jsonb_build_object('id', task_id, 'user_id', user_id))::json, 'UTC' FROM tasks
)
INSERT INTO reminder_schedule (reminder_id, task_id, user_id, task_version, reminder, remind_at, priority, status, planned_by, planned_at)
SELECT id, task_id, each.user_id, 1, json_build_object('id', id, 'offset', NULL, 'remind_at', remind_at, 'set_at', '2026-01-01T00:00:00.000Z', 'snoozed_from', NULL, 'acknowledged_at', NULL),
  remind_at, 1, 'pending', $8::uuid, clock_timestamp()
FROM tasks, unnest(numbers) AS number, LATERAL (SELECT gen_random_uuid() AS id, number) made JOIN each ON each.n = made.number`;
