import type { TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { sameValue } from "../same-value.ts";
import { changesBetween, moveToClock, type TaskContext } from "../task.ts";
import { isSeries } from "./series-rule.ts";

/** Fields of a series that follow from its occurrences: they are nobody's edit. */
export const followingOccurrences: readonly (keyof Task)[] = ["next_occurrence_date", "recurrence_passed_over"];

/**
 * The fields in which a task is no longer what a write left, by somebody's edit. What moved because the user is in
 * another zone now, or has another hour for all-day tasks, has not changed.
 */
export const changedSince = (left: Task, current: Task, context: TaskContext): readonly (keyof Task)[] => {
  const expected = moveToClock(left, context)?.after ?? left;
  const fields = Object.keys(changesBetween(expected, current)) as (keyof Task)[];
  return fields.filter((field) => {
    if (field === "reminders") return !sameValue(wishes(expected), wishes(current));
    return !isSeries(current) || !followingOccurrences.includes(field);
  });
};

/** A reminder without the moment at which it was set: a move to another zone sets it again. */
const wishes = ({ reminders = [] }: Task): readonly Omit<TaskReminder, "set_at">[] =>
  reminders.map(({ set_at: _setAt, ...wish }) => wish);
