import { type Database, sql } from "../../../../adapters/db/database.ts";
import { DomainError } from "../../../../contract/problem.ts";
import type { TaskList, TaskQuery } from "../../../../contract/task.ts";
import { formatCivil } from "../../../../domain/civil.ts";
import { taskAsBefore, whole } from "../../../../domain/past.ts";
import type { UnsequencedEvent } from "../../../../domain/task-event.ts";
import { toCivil } from "../../../../domain/time-zone.ts";
import { type Fragment, listFrom, type TaskSource } from "../task-list.ts";
import { type TaskRow, taskFromRow } from "../task-row.ts";
import { readZoneAt } from "./past-tasks.ts";

/** A page of the list as it was at `moment` (epoch ms), with the total of all pages. */
export const listTasksAt = async (
  db: Database,
  userId: string,
  moment: number,
  query: TaskQuery,
): Promise<TaskList> => {
  const isZoned = query.status === "overdue" || query.due_date_start !== undefined || query.due_date_end !== undefined;
  const zone = isZoned ? await readZoneAt(db, userId, moment) : "UTC";
  return listFrom(db, pastSource(userId, moment, zone), { userId, zone, now: moment, query });
};

/** A row of the present, or the event that tells of the task; `is_before` when the task is the one before it. */
type Row = TaskRow & { readonly event: UnsequencedEvent | null; readonly is_before: boolean };

/**
 * One pass over the index `events_task`, which has what lists filter and sort by, finds of every task its newest change
 * until the moment. What was there without one (a log that was cut, a task of the base release) is still there or was
 * purged since: the first change after the moment says what it was, and without any it is its row. The tasks themselves
 * are read of the page alone.
 */
const pastSource = (userId: string, moment: number, zone: string): TaskSource<Row> => ({
  expressions: sql`WITH known AS MATERIALIZED (
    SELECT DISTINCT ON (task_id) task_id, sequence, listed FROM events
    WHERE user_id = ${userId} AND event_type <> 'task.reminder.triggered' AND created_at <= ${new Date(moment)} ORDER BY task_id DESC, sequence DESC
  ), unknown AS MATERIALIZED (
    SELECT there.id, first_after.sequence FROM (
      SELECT id FROM tasks WHERE user_id = ${userId} AND created_at <= ${new Date(moment)}
      UNION SELECT task_id FROM events WHERE user_id = ${userId} AND (listed).is_purged AND created_at > ${new Date(moment)}
    ) there
    LEFT JOIN LATERAL (
      SELECT min(sequence) AS sequence FROM events WHERE user_id = ${userId} AND task_id = there.id AND event_type <> 'task.reminder.triggered'
    ) first_after ON true
    WHERE NOT EXISTS (SELECT FROM known WHERE known.task_id = there.id)
  ), past AS MATERIALIZED (
    SELECT k.task_id AS id, ${userId}::uuid AS user_id, k.sequence, false AS is_before, ${overdueAt(moment, zone)} AS overdue_at, ${listed}
    FROM known k CROSS JOIN LATERAL (SELECT (k.listed).*) t WHERE NOT t.is_purged
    UNION ALL
    SELECT u.id, ${userId}, u.sequence, true, ${overdueAt(moment, zone)}, ${listed}
    FROM unknown u JOIN events e ON e.user_id = ${userId} AND e.sequence = u.sequence AND e.event_type <> 'task.created'
    CROSS JOIN LATERAL (SELECT listed_task_of(e.event_type, json_build_object('task', ${taskBeforeJson})) AS listed OFFSET 0) before
    CROSS JOIN LATERAL (SELECT (before.listed).*) t
    UNION ALL
    SELECT t.id, t.user_id, NULL, false, t.overdue_at, ${listed} FROM unknown u JOIN tasks t ON t.id = u.id AND t.user_id = ${userId} WHERE u.sequence IS NULL
  )`,
  table: sql`past`,
  columns: sql`past.*`,
  contents: sql`page.is_before, e.data AS event, t.*`,
  joins: sql`LEFT JOIN events e ON e.user_id = ${userId} AND e.sequence = page.sequence LEFT JOIN tasks t ON t.id = page.id AND t.user_id = ${userId} AND page.sequence IS NULL`,
  taskOf(row) {
    if (row.event === null) return taskFromRow(row);
    const task = row.is_before ? taskAsBefore(row.event) : whole(row.event.task);
    if (task === null) throw new DomainError("internal", "a task that was listed was not there");
    return task;
  },
});

/** Of `t`: a row, or what the event's column of this name has. */
const listed = sql.raw(
  "t.completed, t.priority, t.title, t.due_at, t.created_at, t.completed_at, t.deleted_at, t.recurrence_basis, t.parent_recurring_task_id, t.occurrence_outcome",
);

/** As `taskBefore` makes it. `completed` is not among the changes: it follows from the status; the user's clock is, and is none. */
const taskBeforeJson = sql`(
  SELECT json_object_agg(f.key, f.value) FROM (
    SELECT key, value FROM json_each(e.data->'task') WHERE key <> 'completed' AND e.data->'changes'->key IS NULL
    UNION ALL SELECT key, value->'old' FROM json_each(e.data->'changes') WHERE key NOT IN ('time_zone', 'all_day_hour')
    UNION ALL SELECT 'completed', to_json(coalesce(e.data->'changes'->'status'->>'old', e.data->'task'->>'status') = 'completed')
  ) f)`;

/** A day was overdue when it was over where the user was; a time, when it had come. */
const overdueAt = (moment: number, zone: string): Fragment => {
  const { year, month, day } = toCivil(zone, moment);
  return sql`CASE WHEN length(t.due_date) > 10 OR t.due_date < ${formatCivil({ year, month, day })} THEN t.due_at ELSE 'infinity' END`;
};
