import type { TaskFlowEvent } from "../../contract/event.ts";
import type { ChangedTask, EventLog } from "../../ports.ts";
import type { Database } from "../db/database.ts";

const afterStatement = `
SELECT sequence, data FROM events WHERE user_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`;

/** One snapshot for both, so that an event committed in between cannot make a gap out of nothing. */
const rangeStatement = `
SELECT h.sequence AS head, coalesce((SELECT min(sequence) FROM events WHERE user_id = $1), h.sequence + 1) AS oldest
FROM event_heads h WHERE h.user_id = $1`;

/**
 * One walk of a user's newest events for all tasks of theirs; `OFFSET 0` keeps it a walk by the index, whatever the
 * planner thinks of the number of users. A reminder that was given changes no task.
 */
const changedStatement = `
SELECT DISTINCT ON (e.task_id) e.task_id, e.sequence, e.task
FROM (SELECT user_id, min(sequence) AS sequence FROM unnest($1::uuid[], $2::bigint[]) AS w (user_id, sequence) GROUP BY user_id) w
CROSS JOIN LATERAL (
  SELECT task_id, sequence, data->'task' AS task FROM events
  WHERE user_id = w.user_id AND sequence > w.sequence AND task_id = ANY ($3::uuid[]) AND event_type <> 'task.reminder.triggered' OFFSET 0
) e
ORDER BY e.task_id, e.sequence DESC`;

const headsStatement = `SELECT user_id, sequence FROM event_heads WHERE user_id = ANY ($1::uuid[])`;

/** An event as its row keeps it: the place in the sequence is a column of its own. */
interface EventRow {
  readonly sequence: number;
  readonly data: Omit<TaskFlowEvent, "sequence">;
}

/**
 * The event log in PostgreSQL. A user without a head (a closed account) has an empty log and is missing from `heads`.
 */
export const createEventLog = (database: Pick<Database, "prepared">): EventLog => ({
  async after(userId, sequence, limit) {
    const rows = await database.prepared<EventRow>("events-after", afterStatement, [userId, sequence, limit]);
    return rows.map((row) => ({ ...row.data, sequence: row.sequence }) as TaskFlowEvent);
  },
  async range(userId) {
    const [row] = await database.prepared<{ head: number; oldest: number }>("events-range", rangeStatement, [userId]);
    return row ?? { head: 0, oldest: 1 };
  },
  async heads(userIds) {
    const rows = await database.prepared<{ user_id: string; sequence: number }>("event-heads", headsStatement, [
      userIds,
    ]);
    return new Map(rows.map((row) => [row.user_id, row.sequence]));
  },
  async changedSince(tasks) {
    if (tasks.length === 0) return new Map();
    const values = [
      tasks.map(({ userId }) => userId),
      tasks.map(({ sequence }) => sequence),
      tasks.map(({ taskId }) => taskId),
    ];
    const rows = await database.prepared<{ task_id: string } & ChangedTask>("events-changed", changedStatement, values);
    return new Map(rows.map(({ task_id, sequence, task }) => [task_id, { sequence, task }]));
  },
});
