import type { NewReminder, TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { reminderWarnings } from "../reminder/timing.ts";
import type { TaskChange } from "../task.ts";
import { createDraft, type SeriesContext } from "./draft.ts";
import { openOccurrenceOf } from "./series-edit.ts";
import { isSeries } from "./series-rule.ts";
import { settle } from "./settle.ts";

type Tasks = ReadonlyMap<string, Task>;

/** An edit of one task's reminders: whose they are, the whole list as it is wished, and the one that is meant. */
export interface EditedReminders {
  readonly target: Task;
  readonly list: TaskReminder[];
  readonly id: string;
}

/** What a write of one reminder came to: the reminder as it is now, or was when it was removed, and its task. */
export interface ReminderWriteDecision {
  readonly changes: readonly TaskChange[];
  readonly target: Task;
  readonly reminder: TaskReminder;
  readonly isNew: boolean;
  readonly warnings: ReturnType<typeof reminderWarnings>;
}

/** A write of a task's reminders; of a series', for its open occurrences too that are reminded of as it says. */
export const decideReminders = (
  tasks: Tasks,
  { target, list, id }: EditedReminders,
  context: SeriesContext,
): ReminderWriteDecision => {
  const draft = createDraft(tasks, context);
  draft.revise(target, { reminders: list });
  settle(draft, context);
  const [before, after] = [target, draft.get(target.id) ?? target].map(({ reminders = [] }) =>
    reminders.find((reminder) => reminder.id === id),
  );
  const reminder = after ?? before;
  if (reminder === undefined) throw new Error(`the decision lost the reminder ${id}`);
  const changes = draft.changes();
  return {
    changes,
    target: draft.get(target.id) ?? target,
    reminder,
    isNew: before === undefined,
    warnings: reminderWarnings(changes),
  };
};

/** Whose a new reminder is: one at an instant that is sent to a series is for the occurrence that is open. */
export const reminderTarget = (tasks: Tasks, task: Task, { remind_at }: NewReminder, context: SeriesContext): Task =>
  (isSeries(task) && remind_at !== undefined ? openOccurrenceOf(createDraft(tasks, context), task) : undefined) ?? task;
