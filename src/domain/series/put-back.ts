import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import type { TaskChange } from "../task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { occurrencesOf, withdraw } from "./family.ts";
import { isUntouched, isWithdrawn } from "./occurrence.ts";

/**
 * Puts a task back. Where its series has made another occurrence at its date since, that one becomes what it was, as a
 * date has one occurrence.
 * @throws DomainError `undo_conflict` when something was done with that one
 */
export const putBack = (
  draft: Draft,
  change: TaskChange | null,
  reverting: ReadonlyMap<string, Task | null>,
  context: SeriesContext,
): void => {
  const made = change && madeInPlace(draft, change, reverting);
  if (change === null || made === undefined || made === null) return draft.put(change);
  const series = draft.get(made.parent_recurring_task_id ?? "");
  if (!isWithdrawn(made) && (series === undefined || !isUntouched(series, made)))
    throw new DomainError("undo_conflict", `changed since: “${made.title}”`, { members: { changed: [made.id] } });
  const { title, description, priority, due_date, due_at, status, completed, completed_at } = change.after;
  const { deleted_at, occurrence_outcome = null, reminders = [] } = change.after;
  const words = { title, description, priority, due_date, due_at };
  const state = { status, completed, completed_at, deleted_at, occurrence_outcome };
  const own = reminders.map((reminder) => ({ ...reminder, id: context.reminderId(reminder.id, made.id) }));
  draft.revise(made, { ...words, ...state, reminders: own });
  withdraw(draft, draft.get(change.after.id) ?? change.after, context);
};

const madeInPlace = (draft: Draft, { before, after }: TaskChange, reverting: ReadonlyMap<string, Task | null>) => {
  const { id, parent_recurring_task_id: seriesId, occurrence_date } = after;
  if (
    seriesId == null ||
    (before?.occurrence_date === occurrence_date && before?.parent_recurring_task_id === seriesId)
  )
    return undefined;
  return occurrencesOf(draft, seriesId).find(
    (other) => other.id !== id && other.occurrence_date === occurrence_date && reverting.get(other.id) == null,
  );
};
