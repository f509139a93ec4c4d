import type { TaskReminder } from "../../../contract/reminder.ts";
import type { Priority, Task } from "../../../contract/task.ts";
import type { Schema } from "../../../adapters/db/database.ts";
import { isWanted } from "../../../domain/reminder/status.ts";
import { firstOffset } from "../../../domain/reminder/timing.ts";
import { overdueAt } from "../../../domain/task.ts";

export type TaskRow = Schema["tasks"];

const priorities: readonly Priority[] = ["low", "medium", "high"];

export const priorityRank = (priority: Priority): number => priorities.indexOf(priority);

const priorityOfRank = (rank: number): Priority => {
  const priority = priorities[rank];
  if (priority === undefined) throw new Error(`no priority has rank ${rank}`);
  return priority;
};

/** Columns that hold what the task's field of the same name holds. */
const recurrenceColumns = [
  "recurrence_pattern",
  "recurrence_rule",
  "recurrence_text",
  "recurrence_end_date",
  "recurrence_basis",
  "recurrence_catch_up",
  "recurrence_paused_until",
  "recurrence_time_zone",
  "recurrence_passed_over",
  "next_occurrence_date",
  "parent_recurring_task_id",
  "occurrence_date",
  "occurrence_outcome",
] as const satisfies readonly (keyof TaskRow & keyof Task)[];

const recurrenceOf = (
  source: Pick<Task, (typeof recurrenceColumns)[number]>,
): Pick<TaskRow, (typeof recurrenceColumns)[number]> =>
  Object.fromEntries(recurrenceColumns.map((column) => [column, source[column] ?? null])) as Pick<
    TaskRow,
    (typeof recurrenceColumns)[number]
  >;

/** What a write may change; the write's statement is made from this list. */
export const mutableColumns = [
  "title",
  "description",
  "completed",
  "updated_at",
  "priority",
  "due_date",
  "due_at",
  "overdue_at",
  "version",
  "completed_at",
  "deleted_at",
  "reminders",
  "remind_until",
  ...recurrenceColumns,
] as const satisfies readonly (keyof TaskRow)[];

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** jsonb has an order of keys of its own; here they have the contract's. */
const remindersFrom = ({ reminders }: TaskRow): TaskReminder[] =>
  ((reminders ?? []) as TaskReminder[]).map(({ id, offset, remind_at, set_at, snoozed_from, acknowledged_at }) => ({
    id,
    offset,
    remind_at,
    set_at,
    snoozed_from,
    acknowledged_at,
  }));

const remindUntil = (task: Task): string | null =>
  (task.reminders ?? [])
    .flatMap((reminder) => (isWanted(task, reminder) ? (reminder.remind_at ?? []) : []))
    .toSorted()
    .at(-1) ?? null;

export const taskFromRow = (row: TaskRow): Task => ({
  id: row.id,
  user_id: row.user_id,
  title: row.title,
  description: row.description,
  status: row.completed ? "completed" : "pending",
  completed: row.completed,
  priority: priorityOfRank(row.priority),
  due_date: row.due_date,
  due_at: instant(row.due_at),
  version: row.version,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  completed_at: instant(row.completed_at),
  deleted_at: instant(row.deleted_at),
  ...recurrenceOf(row),
  reminders: remindersFrom(row),
  reminder_offset: firstOffset((row.reminders ?? []) as TaskReminder[]),
});

/** The row of a task as JSON, for `json_populate_recordset`. `zone` decides when it is overdue. */
export const taskRowJson = (task: Task, zone: string): Record<keyof TaskRow, unknown> => {
  const overdue = overdueAt(task, zone);
  return {
    id: task.id,
    user_id: task.user_id,
    title: task.title,
    description: task.description,
    completed: task.completed,
    created_at: task.created_at,
    updated_at: task.updated_at,
    priority: priorityRank(task.priority),
    due_date: task.due_date,
    due_at: task.due_at,
    overdue_at: overdue === null ? null : new Date(overdue).toISOString(),
    version: task.version,
    completed_at: task.completed_at,
    deleted_at: task.deleted_at,
    ...recurrenceOf(task),
    reminders: task.reminders === undefined || task.reminders.length === 0 ? null : task.reminders,
    remind_until: remindUntil(task),
  };
};
