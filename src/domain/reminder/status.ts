import type { Reminder, TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { isSeries } from "../series/series-rule.ts";

/** What the schedule knows of a reminder. */
export interface ScheduledState {
  /** The instant it was planned for, RFC 3339 in UTC with milliseconds. */
  readonly remind_at: string;
  readonly status: "pending" | "sent" | "cancelled";
  readonly fired_at: string | null;
  readonly late_ms: number | null;
}

type Outcome = Pick<Reminder, "status" | "cancelled_because" | "fired_at" | "late_ms">;

/** Whether a task is one to remind of: it waits to be done. A series is none; its occurrences are. */
export const canRemind = (task: Task): boolean =>
  task.status === "pending" && task.deleted_at === null && !isSeries(task);

/**
 * Whether a reminder of this task is to be given at its `remind_at`. One for a moment that had passed when it was set
 * is not.
 */
export const isWanted = (task: Task, { remind_at, set_at, acknowledged_at }: TaskReminder): boolean =>
  canRemind(task) && acknowledged_at === null && remind_at !== null && Date.parse(remind_at) > Date.parse(set_at);

/** Whether a reminder is still to come (spec §4: a user has at most 100 of them). `now` in epoch ms. */
export const isPending = (task: Task, reminder: TaskReminder, now: number): boolean =>
  isWanted(task, reminder) && Date.parse(reminder.remind_at ?? "") > now;

/**
 * What became of a reminder, from its task and from what the schedule knows of it (undefined when it knows nothing
 * yet).
 */
export const reminderStatus = (task: Task, reminder: TaskReminder, scheduled: ScheduledState | undefined): Outcome => {
  const isGiven = scheduled?.status === "sent" && scheduled.remind_at === reminder.remind_at;
  const given = { fired_at: isGiven ? scheduled.fired_at : null, late_ms: isGiven ? scheduled.late_ms : null };
  if (reminder.acknowledged_at !== null) return { status: "acknowledged", cancelled_because: null, ...given };
  if (isGiven) return { status: "sent", cancelled_because: null, ...given };
  const because = endOf(task, reminder);
  return { status: because === null ? "pending" : "cancelled", cancelled_because: because, ...given };
};

/** Why a reminder that was not given will not be; null while it will. Those of a series wait for its occurrences. */
const endOf = (task: Task, { remind_at, set_at }: TaskReminder): Outcome["cancelled_because"] => {
  if (task.deleted_at !== null) return "deleted";
  if (task.status === "completed") return "completed";
  if (isSeries(task)) return null;
  if (remind_at === null) return "no_due_date";
  return Date.parse(remind_at) <= Date.parse(set_at) ? "passed" : null;
};
