import type { TaskFlowEvent } from "../../contract/event.ts";
import type { TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";

/** What a notification says of a task. */
export interface Told {
  readonly type: TaskFlowEvent["event_type"];
  readonly reminderId: string | null;
  /** When it happened, RFC 3339 in UTC with milliseconds. */
  readonly occurredAt: string;
}

/** Why a notification is not given any more. */
export const outdatedReasons = [
  "task_completed",
  "task_deleted",
  "task_reopened",
  "task_restored",
  "reminder_removed",
  "reminder_moved",
  "reminder_snoozed",
  "reminder_acknowledged",
] as const;
export type OutdatedReason = (typeof outdatedReasons)[number];

/** Why what is to be told is no longer so, by the task as it was last changed since; undefined while it is still so. */
export const outdatedBecause = (told: Told, task: Task | undefined): OutdatedReason | undefined => {
  if (task === undefined) return undefined;
  if (told.type === "task.deleted") return isDeleted(task) ? undefined : "task_restored";
  if (isDeleted(task)) return "task_deleted";
  if (told.type === "task.completed") return task.completed ? undefined : "task_reopened";
  if (told.type !== "task.reminder.triggered") return undefined;
  return task.completed ? "task_completed" : whatBecameOf(told, task.reminders);
};

const isDeleted = ({ deleted_at }: Task): boolean => deleted_at !== null && deleted_at !== undefined;

const whatBecameOf = (
  { reminderId, occurredAt }: Told,
  reminders: readonly TaskReminder[] | undefined,
): OutdatedReason | undefined => {
  if (reminders === undefined) return undefined;
  const reminder = reminders.find(({ id }) => id === reminderId);
  if (reminder === undefined) return "reminder_removed";
  if (reminders.some(({ snoozed_from }) => snoozed_from === reminderId)) return "reminder_snoozed";
  if (reminder.acknowledged_at !== null) return "reminder_acknowledged";
  return isAhead(reminder, occurredAt) ? "reminder_moved" : undefined;
};

/** It was set anew since it was given, for a later moment: it will be given again. */
const isAhead = ({ remind_at, set_at }: TaskReminder, givenAt: string): boolean =>
  remind_at !== null && Date.parse(set_at) > Date.parse(givenAt) && Date.parse(remind_at) > Date.parse(set_at);
