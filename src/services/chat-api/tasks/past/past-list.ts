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
export const listTasksAt = async (db: Database, userId: string, moment: number, query: TaskQuery): Promise<TaskList> => {
  const isZoned = query.status === "overdue" || query.due_date_start !== undefined || query.due_date_end !== undefined;
  const zone = isZoned ? await readZoneAt(db, userId, moment) : "UTC";
  return listFrom(db, pastSource(userId, moment, zone), { userId, zone, now: moment, query });
};

/** A row of the present, or the event that tells of the task; `is_before` when the task is the one before it. */
type Row = TaskRow & { readonly event: UnsequencedEvent | null; readonly is_before: boolean };

/**
 * One pass over the index `events_task` finds of every task its newest change until the moment and its first one after it. A task that
 * has not changed since is its row; of the others, the change says what it was. Only what lists filter and sort by is taken out of all
 * events; the tasks themselves are made of those of the page.
 */
const pastSource = (userId: string, moment: number, zone: string): TaskSource<Row> => ({
  expressions: sql`WITH touched AS MATERIALIZED (
    SELECT task_id, max(sequence) FILTER (WHERE created_at <= ${new Date(moment)}) AS until_sequence, min(sequence) FILTER (WHERE created_at > ${new Date(moment)}) AS after_sequence
    FROM events WHERE user_id = ${userId} AND event_type <> 'task.reminder.triggered' GROUP BY task_id
  ), past AS MATERIALIZED (
    SELECT t.id, t.user_id, NULL::bigint AS sequence, false AS is_before, t.completed, t.priority, t.title, t.due_at, t.overdue_at, t.created_at, t.completed_at, t.deleted_at,
      t.recurrence_basis, t.parent_recurring_task_id, t.occurrence_outcome
    FROM tasks t WHERE t.user_id = ${userId} AND t.created_at <= ${new Date(moment)}
      AND NOT EXISTS (SELECT FROM touched WHERE touched.task_id = t.id AND touched.after_sequence IS NOT NULL)
    UNION ALL
    SELECT c.task_id, ${userId}, c.sequence, c.is_before, t.completed, (array_position(ARRAY['low', 'medium', 'high'], t.priority) - 1)::smallint, t.title, t.due_at,
      ${overdueAt(moment, zone)}, t.created_at, t.completed_at, t.deleted_at, t.recurrence_basis, t.parent_recurring_task_id, t.occurrence_outcome
    FROM (
      SELECT task_id, coalesce(until_sequence, after_sequence) AS sequence, until_sequence IS NULL AS is_before FROM touched WHERE after_sequence IS NOT NULL
    ) c
    -- The OFFSET keeps the planner from reading the JSON of all events instead of these.
    CROSS JOIN LATERAL (SELECT event_type, data FROM events WHERE user_id = ${userId} AND sequence = c.sequence OFFSET 0) e
    CROSS JOIN LATERAL json_to_record(CASE WHEN c.is_before THEN ${taskBeforeJson} ELSE e.data->'task' END) AS t (
      completed boolean, priority text, title text, due_date text, due_at timestamptz, created_at timestamptz, completed_at timestamptz, deleted_at timestamptz,
      recurrence_basis text, parent_recurring_task_id uuid, occurrence_outcome text)
    WHERE NOT (c.is_before AND e.event_type = 'task.created') AND NOT (NOT c.is_before AND e.event_type = 'task.deleted' AND e.data->'purged_at' IS NOT NULL)
  )`,
  table: sql`past`,
  columns: sql`past.*`,
  contents: sql`page.is_before, e.data AS event, t.*`,
  joins: sql`LEFT JOIN events e ON e.user_id = ${userId} AND e.sequence = page.sequence LEFT JOIN tasks t ON t.id = page.id AND page.sequence IS NULL`,
  taskOf(row) {
    if (row.event === null) return taskFromRow(row);
    const task = row.is_before ? taskAsBefore(row.event) : whole(row.event.task);
    if (task === null) throw new DomainError("internal", "a task that was listed was not there");
    return task;
  },
});

/** As `taskBefore` makes it. `completed` is not among the changes: it follows from the status. */
const taskBeforeJson = sql`(
  SELECT json_object_agg(f.key, f.value) FROM (
    SELECT key, value FROM json_each(e.data->'task') WHERE key <> 'completed' AND e.data->'changes'->key IS NULL
    UNION ALL SELECT key, value->'old' FROM json_each(e.data->'changes')
    UNION ALL SELECT 'completed', to_json(coalesce(e.data->'changes'->'status'->>'old', e.data->'task'->>'status') = 'completed')
  ) f)`;

/** A day was overdue when it was over where the user was; a time, when it had come. */
const overdueAt = (moment: number, zone: string): Fragment => {
  const { year, month, day } = toCivil(zone, moment);
  return sql`CASE WHEN length(t.due_date) > 10 OR t.due_date < ${formatCivil({ year, month, day })} THEN t.due_at ELSE 'infinity' END`;
};
