import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import { changesBetween, revertChange, type TaskChange, type TaskContext } from "../task.ts";
import { createDraft, type SeriesContext } from "./draft.ts";
import { isOccurrence } from "./occurrence.ts";
import { isSeries } from "./series-rule.ts";
import { settle } from "./settle.ts";

/** What a write found and what it left, by task; null for a task that it made. */
export interface WrittenStates {
  readonly first: ReadonlyMap<string, Task | null>;
  readonly last: ReadonlyMap<string, Task>;
}

/** Fields of a series that follow from its occurrences: they are nobody's edit, and found anew instead of put back. */
const following: readonly (keyof Task)[] = ["next_occurrence_date", "recurrence_passed_over"];

/**
 * Takes a whole write back. An occurrence that was made since because of it is withdrawn, as long as nothing was done
 * with it.
 * @throws DomainError `undo_conflict` when something the write touched has changed since
 */
export const decideUndo = (
  tasks: ReadonlyMap<string, Task>,
  { first, last }: WrittenStates,
  context: SeriesContext,
): readonly TaskChange[] => {
  const conflicts = [...last.values()].filter((left) => hasChanged(left, tasks.get(left.id)));
  if (conflicts.length > 0)
    throw new DomainError(
      "undo_conflict",
      `changed since: ${conflicts
        .map(({ title }) => `“${title}”`)
        .slice(0, 5)
        .join(", ")}`,
      {
        members: { changed: conflicts.map(({ id }) => id) },
      },
    );
  const draft = createDraft(tasks, context);
  for (const [id, before] of first) {
    const current = tasks.get(id);
    if (current === undefined) throw new Error(`the undo did not read the task ${id}`);
    draft.put(reverted(before, current, context));
  }
  settle(draft, context);
  return draft.changes();
};

const hasChanged = (left: Task, current: Task | undefined): boolean => {
  if (current?.version === left.version) return false;
  if (current === undefined || !isSeries(current)) return true;
  return Object.keys(changesBetween(left, current)).some((field) => !following.includes(field as keyof Task));
};

/** The change that makes a task what it was before. What a series follows from its occurrences stays as it is. */
export const reverted = (before: Task | null, current: Task, context: TaskContext): TaskChange | null => {
  const change = revertChange({ before: before && { ...before, ...kept(current) }, current }, context);
  const isUnmade = before === null && change !== null && isOccurrence(current);
  return isUnmade ? { ...change, after: { ...change.after, occurrence_outcome: "withdrawn" } } : change;
};

const kept = (current: Task): Partial<Task> =>
  isSeries(current) ? Object.fromEntries(following.map((field) => [field, current[field] ?? null])) : {};
