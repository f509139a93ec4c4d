import type { TaskEvent } from "../../contract/event.ts";
import type { TaskReminder } from "../../contract/reminder.ts";
import { isWanted, reminderStatus } from "../../domain/reminder/status.ts";
import { isSeries } from "../../domain/series/series-rule.ts";

/** What is to become of a reminder by what its task says, in the columns of the schedule. */
export interface Wish {
  readonly reminder_id: string;
  readonly remind_at: string | null;
  readonly acknowledged_at: string | null;
  readonly snoozed_from: string | null;
  readonly status: "pending" | "cancelled";
  readonly because: string | null;
  readonly reminder: TaskReminder;
}

/** Whether an event says anything of reminders: of tasks that never had any, nothing is kept. */
export const isAboutReminders = ({ task, changes }: Pick<TaskEvent, "task" | "changes">): boolean =>
  (task.reminders ?? []).length > 0 || changes["reminders"] !== undefined;

/** The reminders of a task with what is to become of each. Those of a series are its occurrences' to give. */
export const wishesOf = ({ task }: Pick<TaskEvent, "task">): readonly Wish[] => {
  if (isSeries(task)) return [];
  return (task.reminders ?? []).map((reminder) => ({
    reminder_id: reminder.id,
    remind_at: reminder.remind_at,
    acknowledged_at: reminder.acknowledged_at,
    snoozed_from: reminder.snoozed_from,
    status: isWanted(task, reminder) ? "pending" : "cancelled",
    because: reminderStatus(task, reminder, undefined).cancelled_because,
    reminder,
  }));
};
