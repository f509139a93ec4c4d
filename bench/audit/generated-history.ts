import { createHash } from "node:crypto";
import type { Database } from "../../src/adapters/db/database.ts";
import { addMonths, type Month, monthOf, type Partitions, startOf } from "../../src/services/audit/partitions.ts";

/** A history that PostgreSQL makes itself, for sizes that would take the recorder hours. Its hashes are none: it can be read, and not verified. */
export interface GeneratedHistory {
  /** The owner of a task and its id; which one, by a number. */
  task(number: number): { readonly userId: string; readonly taskId: string };
}

export interface GeneratedHistoryInput {
  readonly users: readonly string[];
  readonly rows: number;
  /** Rows of each task, one after the other in its user's sequence. */
  readonly versions: number;
}

/** As long as the usual retention: a task's rows are looked for in as many partitions. */
const MONTHS = 24;

const monthStatement = `
INSERT INTO task_events (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt, hash)
SELECT r.user_id, r.sequence, $3::timestamptz + r.number * (interval '27 days' / $2::int), gen_random_uuid(), 'task.updated',
  md5(r.user_id || '-' || (r.sequence - 1) / $4)::uuid, (r.sequence - 1) % $4 + 1, 'person', r.user_id::text, gen_random_uuid()::text, 'Task number ' || (r.sequence - 1) / $4,
  json_build_object('title', json_build_object('new', 'Task number ' || (r.sequence - 1) / $4, 'old', 'Task')), decode(md5(random()::text), 'hex'), sha256(r.number::text::bytea)
FROM (
  SELECT n AS number, ($1::uuid[])[n % cardinality($1::uuid[]) + 1] AS user_id, $5::bigint + n / cardinality($1::uuid[]) + 1 AS sequence
  FROM generate_series(0, $2::int - 1) AS n
) r`;

/** Each month has the same number of rows, of all users in turn. */
export const generateHistory = async (database: Database, partitions: Partitions, { users, rows, versions }: GeneratedHistoryInput): Promise<GeneratedHistory> => {
  const ofUser = Math.floor(rows / MONTHS / users.length);
  const present = monthOf(new Date().toISOString());
  for (let month = 0; month < MONTHS; month += 1) {
    const name: Month = addMonths(present, month + 1 - MONTHS);
    await partitions.ensure([name]);
    await database.prepared("bench-month", monthStatement, [users, ofUser * users.length, startOf(name), versions, month * ofUser]);
  }
  await database.prepared("bench-vacuum", "VACUUM ANALYZE task_events", []);
  const tasks = Math.floor((ofUser * MONTHS) / versions);
  return {
    task(number) {
      const userId = users[number % users.length] ?? "";
      const hex = createHash("md5").update(`${userId}-${number % tasks}`).digest("hex");
      return { userId, taskId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
    },
  };
};
