import type { TaskReminder, WritableReminder } from "../../../../src/contract/reminder.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { isSeries } from "../series.ts";

/** Reminders of a task as this device can tell them: pure, over what it knows and the present. */

/** What became of a reminder, or will. */
export type Standing = "waiting" | "given" | "acknowledged" | "passed" | "no-date" | "closed";

/** The most a user may have waiting. */
export const pendingLimit = 100;

export const remindersOf = ({ reminders }: Task): readonly TaskReminder[] => reminders ?? [];

const isOpen = ({ completed, deleted_at }: Task): boolean => !completed && deleted_at === null;

/** `now` is an RFC 3339 instant in UTC with milliseconds, as `remind_at` is. */
export const standingOf = (reminder: TaskReminder, task: Task, now: string): Standing => {
  const { remind_at, set_at, acknowledged_at } = reminder;
  if (acknowledged_at !== null) return "acknowledged";
  if (remind_at === null) return "no-date";
  if (remind_at <= set_at) return "passed";
  if (remind_at <= now) return "given";
  return isOpen(task) ? "waiting" : "closed";
};

/** The reminders still to come, the next first. */
export const waitingOf = (task: Task, now: string): TaskReminder[] =>
  remindersOf(task)
    .filter((reminder) => standingOf(reminder, task, now) === "waiting")
    .toSorted((a, b) => compare(a.remind_at ?? "", b.remind_at ?? ""));

/** How many wait over all tasks. Of a series its occurrences remind, not itself. */
export const countWaiting = (tasks: Iterable<Task>, now: string): number =>
  [...tasks].reduce((sum, task) => sum + (isSeries(task) ? 0 : waitingOf(task, now).length), 0);

/** A snooze that has done its work is kept for the record alone. */
export const isPastSnooze = ({ snoozed_from, acknowledged_at }: TaskReminder): boolean =>
  snoozed_from !== null && acknowledged_at !== null;

/** In the order in which the editor lists them: by moment, those without one last. */
export const sortedReminders = (reminders: readonly TaskReminder[]): TaskReminder[] =>
  reminders.toSorted((a, b) => compare(a.remind_at ?? "~", b.remind_at ?? "~") || compare(a.id, b.id));

/** A reminder as a write names it: one that stays keeps its id. */
export const written = ({ id, offset, remind_at }: TaskReminder): WritableReminder => ({ id, offset, remind_at });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
