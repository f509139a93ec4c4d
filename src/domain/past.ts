import type { Task } from "../contract/task.ts";
import type { TaskDiff } from "../contract/time-travel.ts";
import { noReminders } from "./reminder/no-reminders.ts";
import { noRecurrence } from "./series/no-recurrence.ts";
import { changesBetween } from "./task.ts";
import { taskBefore, type UnsequencedEvent } from "./task-event.ts";

/** What is known of a task around a moment. */
export interface PastOfTask {
  /** Its newest change until then. */
  readonly until: UnsequencedEvent | null;
  /** Its first change after then, where there is none until then. */
  readonly after: UnsequencedEvent | null;
  /** The task as it is, where no change of it is kept at all. */
  readonly present: Task | null;
}

/**
 * The task as it was at `moment` (epoch ms), in the trash or not; null when it was not there. An event that is no
 * longer kept is not needed: the first change after it says what it changed.
 */
export const taskAt = ({ until, after, present }: PastOfTask, moment: number): Task | null => {
  if (until !== null) return isPurge(until) ? null : whole(until.task);
  if (after !== null) return taskAsBefore(after);
  return present !== null && Date.parse(present.created_at) <= moment ? present : null;
};

/** The task before the first event that is kept of it. When it had been changed last is not known any more. */
export const taskAsBefore = (event: UnsequencedEvent): Task | null => {
  const before = taskBefore(event);
  return before && whole({ ...before, updated_at: before.created_at });
};

const isPurge = (event: UnsequencedEvent): boolean =>
  event.event_type === "task.deleted" && event.purged_at !== undefined;

/** An event from before a field came lacks it. */
export const whole = (task: Task): Task => ({ ...noRecurrence, ...noReminders, ...task });

const isThere = (task: Task | null): task is Task => task !== null && task.deleted_at === null;

/** What became of a task from one moment to another; what is in the trash is not there. */
export const differenceOf = (taskId: string, from: Task | null, to: Task | null): TaskDiff => {
  const [before, after] = [isThere(from) ? from : null, isThere(to) ? to : null];
  const title = (after ?? before)?.title ?? "";
  if (after === null)
    return {
      task_id: taskId,
      title,
      ...(before === null ? none : { difference: "removed", changes: takenAway(before) }),
    };
  const changes = changesBetween(before, after);
  if (before === null) return { task_id: taskId, title, difference: "added", changes };
  return { task_id: taskId, title, ...(Object.keys(changes).length === 0 ? none : { difference: "changed", changes }) };
};

const none = { difference: "none", changes: {} } as const;

const takenAway = (task: Task): TaskDiff["changes"] =>
  Object.fromEntries(
    Object.entries(changesBetween(null, task)).map(([field, { new: value }]) => [field, { old: value, new: null }]),
  );
