import type { Task } from "../../contract/task.ts";

/** The fields about repeating, of a task that neither repeats nor is an occurrence. */
export const noRecurrence = {
  recurrence_pattern: null,
  recurrence_rule: null,
  recurrence_text: null,
  recurrence_end_date: null,
  recurrence_basis: null,
  recurrence_catch_up: null,
  recurrence_paused_until: null,
  recurrence_time_zone: null,
  recurrence_passed_over: null,
  next_occurrence_date: null,
  parent_recurring_task_id: null,
  occurrence_date: null,
  occurrence_outcome: null,
} as const satisfies Partial<Task>;
