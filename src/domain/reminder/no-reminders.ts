import type { Task } from "../../contract/task.ts";

/** The fields about reminding, of a task that has no reminder. */
export const noReminders: Required<Pick<Task, "reminders" | "reminder_offset">> = {
  reminders: [],
  reminder_offset: null,
};
