import { type Civil, isDateTime } from "../civil.ts";
import { isOccurrence as isOnRule, type Schedule } from "../recurrence.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import { revertChange, type TaskChange, type TaskContext } from "../task.ts";
import { changedSince, followingOccurrences } from "./changed-since.ts";
import { type Conflict, conflictsInWords, editsInWords } from "./conflict-words.ts";
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
 * Takes a whole write back. An occurrence that was made since because of it is withdrawn, as long as nothing was done
 * with it.
 * @throws DomainError `undo_conflict` when something the write touched has changed since
 */
export const decideUndo = (
  tasks: ReadonlyMap<string, Task>,
  { first, last }: WrittenStates,
  context: SeriesContext,
): readonly TaskChange[] => {
  const conflicts = conflictsOf(last, tasks, context);
  if (conflicts.length > 0)
    throw new DomainError("undo_conflict", `${conflictsInWords(conflicts)}, so nothing was undone`, {
      members: { changed: conflicts.map(({ id }) => id), conflicts },
    });
  const draft = createDraft(tasks, context);
  for (const [id, before] of first) {
    const current = tasks.get(id);
    if (current === undefined) throw new Error(`the undo did not read the task ${id}`);
    putBack(draft, reverted(before, current, context), first, context);
  }
  withdrawMadeSince(draft, tasks, last, context);
  settle(draft, context, { isReturn: true });
  return draft.changes();
};

/** What a series has made since by the rule that is taken back, where it is still to come and nobody has touched it. */
const withdrawMadeSince = (
  draft: Draft,
  tasks: ReadonlyMap<string, Task>,
  last: WrittenStates["last"],
  context: SeriesContext,
): void => {
  const writtenAt = [...last.values()].reduce(
    (latest, { updated_at }) => (updated_at > latest ? updated_at : latest),
    "",
  );
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
  const schedule = seriesOf(restored)?.schedule;
  const place = placeOf(made);
  return schedule !== undefined && instantOf(restored, place) <= now && isDateOf(schedule, place);
};

const isDateOf = (schedule: Schedule, place: Civil): boolean =>
  schedule.allDay === !isDateTime(place) && isOnRule(schedule, place);

const hasOtherRule = (one: Task, other: Task): boolean =>
  ruleFieldNames.some((field) => (one[field] ?? null) !== (other[field] ?? null));

const conflictsOf = (
  last: WrittenStates["last"],
  tasks: ReadonlyMap<string, Task>,
  context: TaskContext,
): readonly Conflict[] =>
  [...last.values()].flatMap((left) => {
    const current = tasks.get(left.id);
    if (current === undefined) return { id: left.id, title: left.title, fields: [], what: ["removed for good"] };
    if (current.version === left.version) return [];
    const fields = changedSince(left, current, context);
    return fields.length === 0
      ? []
      : { id: left.id, title: current.title, fields, what: editsInWords(fields, current) };
  });

/** The change that makes a task what it was before. What a series follows from its occurrences stays as it is. */
export const reverted = (before: Task | null, current: Task, context: TaskContext): TaskChange | null => {
  const change = revertChange({ before: before && { ...before, ...kept(current) }, current }, context);
  const isUnmade = before === null && change !== null && isOccurrence(current);
  return isUnmade ? { ...change, after: { ...change.after, occurrence_outcome: "withdrawn" } } : change;
};

const kept = (current: Task): Partial<Task> =>
  isSeries(current) ? Object.fromEntries(followingOccurrences.map((field) => [field, current[field] ?? null])) : {};
