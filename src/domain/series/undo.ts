import { type Civil, compareCivil, dateOf, isDateTime } from "../civil.ts";
import { isOccurrence as isOnRule, type Schedule } from "../recurrence.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import { revertChange, type TaskChange, type TaskContext } from "../task.ts";
import { conflictsInWords } from "../undo/conflict-words.ts";
import { findConflicts } from "../undo/conflicts.ts";
import { followingOccurrences, putBackFields, type Written } from "../undo/written.ts";
import { createDraft, type Draft, type SeriesContext } from "./draft.ts";
import { openOccurrences, withdraw } from "./family.ts";
import { instantOf, isOccurrence, isUntouched, placeOf } from "./occurrence.ts";
import { putBack } from "./put-back.ts";
import { isSeries, ruleFieldNames, seriesOf } from "./series-rule.ts";
import { settle } from "./settle.ts";

/** What a write found and what it left, by task; null for a task that it made. */
export interface WrittenStates {
  readonly first: ReadonlyMap<string, Task | null>;
  readonly last: ReadonlyMap<string, Task>;
}

/**
 * Takes a whole write back, field by field: what it changed gets the values from before it, and what others have changed
 * stays. An occurrence that was made since because of it is withdrawn, as long as nothing was done with it.
 * @throws DomainError `undo_conflict` when a field it changed is no longer what it left; it names all of these
 */
export const decideUndo = (
  tasks: ReadonlyMap<string, Task>,
  { first, last }: WrittenStates,
  context: SeriesContext,
): readonly TaskChange[] => {
  const written = [...first].flatMap(([id, before]) => {
    const left = last.get(id);
    return left === undefined ? [] : { before, left };
  });
  const conflicts = findConflicts(written, tasks, context);
  if (conflicts.length > 0)
    throw new DomainError("undo_conflict", `${conflictsInWords(conflicts)}, so nothing was undone`, {
      members: { changed: conflicts.map(({ id }) => id), conflicts },
    });
  const draft = createDraft(tasks, context);
  const past = asBefore(written, tasks, context);
  for (const [id, before] of past) {
    const current = tasks.get(id);
    if (current !== undefined) putBack(draft, reverted(before, current, context), past, context);
  }
  const writtenAt = [...last.values()].reduce(
    (latest, { updated_at }) => (updated_at > latest ? updated_at : latest),
    "",
  );
  withdrawMadeSince(draft, tasks, last, writtenAt, context);
  settle(draft, context, { madeSince: writtenAt });
  return draft.changes();
};

/** What a series has made since by the rule that is taken back, where it is still to come and nobody has touched it. */
const withdrawMadeSince = (
  draft: Draft,
  tasks: ReadonlyMap<string, Task>,
  last: WrittenStates["last"],
  writtenAt: string,
  context: SeriesContext,
): void => {
  for (const { id } of last.values()) {
    const series = tasks.get(id);
    const restored = draft.get(id);
    if (series === undefined || !isSeries(series) || restored === undefined || !hasOtherRule(series, restored))
      continue;
    for (const made of openOccurrences(draft, id))
      if (
        !last.has(made.id) &&
        made.updated_at >= writtenAt &&
        isUntouched(series, made) &&
        !hasCome(restored, made, context)
      )
        withdraw(draft, made, context);
  }
};

/** Its time has come, by the rule that is restored too: it would be there anyway. */
const hasCome = (restored: Task, made: Task, { now }: SeriesContext): boolean => {
  const series = seriesOf(restored);
  const place = placeOf(made);
  if (series === null || instantOf(restored, place) > now) return false;
  const { schedule, endDate } = series;
  return isDateOf(schedule, place) && (endDate === null || compareCivil(dateOf(place), endDate) <= 0);
};

const isDateOf = (schedule: Schedule, place: Civil): boolean =>
  schedule.allDay === !isDateTime(place) && isOnRule(schedule, place);

const hasOtherRule = (one: Task, other: Task): boolean =>
  ruleFieldNames.some((field) => (one[field] ?? null) !== (other[field] ?? null));

/** The tasks of a write as they are to be without it; null for those that it made. */
const asBefore = (
  written: readonly Written[],
  tasks: ReadonlyMap<string, Task>,
  context: TaskContext,
): ReadonlyMap<string, Task | null> =>
  new Map(
    written.map(({ before, left }) => {
      const current = tasks.get(left.id);
      if (current === undefined) throw new Error(`the undo did not read the task ${left.id}`);
      return [left.id, before && putBackFields({ before, left }, current, context)];
    }),
  );

/** The change that makes a task what it was before. What a series follows from its occurrences stays as it is. */
export const reverted = (before: Task | null, current: Task, context: TaskContext): TaskChange | null => {
  const change = revertChange({ before: before && { ...before, ...kept(before, current) }, current }, context);
  const isUnmade = before === null && change !== null && isOccurrence(current);
  return isUnmade ? { ...change, after: { ...change.after, occurrence_outcome: "withdrawn" } } : change;
};

const kept = (before: Task, current: Task): Partial<Task> =>
  isSeries(before) && isSeries(current)
    ? Object.fromEntries(followingOccurrences.map((field) => [field, current[field] ?? null]))
    : {};
