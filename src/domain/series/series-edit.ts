import { DomainError, invalidField } from "../../contract/problem.ts";
import type { WritableRecurrence } from "../../contract/recurrence.ts";
import type { Task, TaskFields, Warning } from "../../contract/task.ts";
import { compareCivil, formatCivil } from "../civil.ts";
import { formatDueDate, parseDueDate } from "../due-date.ts";
import { canonical, firstDate, hasOneTimeADay, type Series } from "../recurrence.ts";
import { createTask, patchTask, statusOf } from "../task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { compareDates, dueDateWhenMoved, occurrencesOf, openOccurrences, placeAt, withdraw } from "./family.ts";
import { dueDateAt, isOpen, isWithdrawn, placeOf } from "./occurrence.ts";
import { beginningAt, civilOf, dayBefore, movedAll, movedFollowing, withTimesLeft } from "./pattern-after.ts";
import { isSeries, readRule, seriesOf } from "./series-rule.ts";
import { isCounted, timesHad } from "./times-done.ts";

/** What an edit came to: the task to answer with, by its id, and what its user should know. */
export interface Edited {
  readonly id: string;
  readonly warnings: readonly Warning[];
}

const recurrenceNames = [
  "recurrence_pattern",
  "recurrence_end_date",
  "recurrence_basis",
  "recurrence_catch_up",
  "recurrence_paused_until",
] as const satisfies readonly (keyof WritableRecurrence)[];

/** Whether a write says anything about repeating that is not as it is. */
export const changesRecurrence = (task: Partial<Task>, patch: TaskFields): boolean =>
  recurrenceNames.some((name) => patch[name] !== undefined && patch[name] !== (task[name] ?? null));

/**
 * Makes a task that repeats: the series. Its first occurrence follows when the draft is settled.
 * @param goesOn the series it goes on from, whose zone it keeps, and whether with other dates
 */
export const addSeries = (
  draft: Draft,
  input: TaskFields & { title: string },
  identity: { id: string; userId: string },
  context: SeriesContext,
  goesOn?: { readonly from: Task; readonly isMoved: boolean },
): Edited => {
  const { change, warnings } = createTask({ ...input, status: "pending", completed: false }, identity, context);
  if (change === null) throw new Error("a new task is a change");
  const { recurrence_time_zone = null, recurrence_end_date = null } = goesOn?.from ?? {};
  const hasSameDates = goesOn?.isMoved === false;
  const rule = ruleOf({ ...change.after, recurrence_time_zone, recurrence_end_date }, input, context, hasSameDates);
  draft.put({ before: null, after: { ...change.after, ...rule.fields } });
  return { id: identity.id, warnings: [...warnings, ...rule.warnings] };
};

/** Edits a series, or makes one of a task. What it has and its occurrences had from it changes in the open ones too. */
export const editSeries = (draft: Draft, series: Task, patch: TaskFields, context: SeriesContext): Edited => {
  const { status: _status, completed: _completed, ...fields } = patch;
  const { change, warnings } = patchTask(series, fields, context);
  const edited = change?.after ?? series;
  if (series.status === "completed")
    throw new DomainError("conflict", "a completed task cannot repeat; reopen it first");
  const rule = ruleOf(edited, patch, context);
  draft.put(change);
  draft.revise(edited, rule.fields);
  return {
    id: series.id,
    warnings: [
      ...new Set([
        ...warnings,
        ...(changesRecurrence(series, patch) || patch.due_date !== undefined ? rule.warnings : []),
      ]),
    ],
  };
};

/** The fields about repeating after a write. Without a pattern a series has ended. */
const ruleOf = (
  task: Task,
  patch: TaskFields,
  context: SeriesContext,
  hasSameDates = false,
): { fields: Partial<Task>; warnings: readonly Warning[] } => {
  const wanted = {
    ...task,
    ...Object.fromEntries(
      recurrenceNames.filter((name) => patch[name] !== undefined).map((name) => [name, patch[name]]),
    ),
  };
  const { recurrence_pattern } = wanted;
  if (recurrence_pattern == null) {
    refuseWithoutPattern(task, patch);
    return { fields: endedFields, warnings: [] };
  }
  const isOfDates = hasSameDates
    ? isOtherEnd(task, patch)
    : patch.due_date !== undefined || changesRecurrence(task, patch);
  const mayEnd = isOfDates ? "not before its first date" : "anywhere";
  return readRule({ ...wanted, recurrence_pattern }, zoneFor(task, context), mayEnd);
};

const isOtherEnd = (task: Task, { recurrence_end_date }: TaskFields): boolean =>
  recurrence_end_date !== undefined && recurrence_end_date !== (task.recurrence_end_date ?? null);

const endedFields = {
  recurrence_pattern: null,
  recurrence_rule: null,
  recurrence_text: null,
  recurrence_end_date: null,
  recurrence_paused_until: null,
  next_occurrence_date: null,
} as const satisfies Partial<Task>;

/** An instant keeps the zone in which the series was made with it; dates and wall-clock times run in the user's. */
const zoneFor = (task: Task, { zone }: SeriesContext): string => {
  const isInstant = task.due_date !== null && parseDueDate(task.due_date)?.kind === "instant";
  return (isInstant ? task.recurrence_time_zone : null) ?? zone;
};

/** @throws DomainError for a field that means nothing without a pattern */
export const refuseWithoutPattern = (task: Partial<Task>, patch: WritableRecurrence): void => {
  const lost = recurrenceNames.find(
    (name) => name !== "recurrence_pattern" && patch[name] != null && patch[name] !== (task[name] ?? null),
  );
  if (lost !== undefined && patch.recurrence_pattern == null)
    throw invalidField(lost, "means nothing without a recurrence_pattern");
};

/** Edits one occurrence alone. Its place in the series stays. @throws DomainError for what belongs to the series */
export const editOccurrence = (draft: Draft, occurrence: Task, patch: TaskFields, context: SeriesContext): Edited => {
  if (changesRecurrence(occurrence, patch))
    throw invalidField(
      recurrenceNames.find((name) => patch[name] != null) ?? "recurrence_pattern",
      "belongs to the series; send ?scope=following or ?scope=all",
    );
  const { change, warnings } = patchTask(occurrence, patch, context);
  draft.put(change);
  return { id: occurrence.id, warnings };
};

/** Edits the series of an occurrence; a new due date moves this date there, and all others by as much. */
export const editAll = (
  draft: Draft,
  series: Task,
  occurrence: Task,
  patch: TaskFields,
  context: SeriesContext,
): Edited => {
  const { due_date, ...others } = { ...patch, ...withoutReminderIds(patch) };
  const dueDate = newDueDate(occurrence, due_date);
  // What is said of all is said of this one too, whatever was written on it alone.
  const { due_date: _dueDate, ...content } = withoutRecurrence(patch);
  draft.put(patchTask(occurrence, content, context).change);
  if (dueDate === undefined) return editSeries(draft, series, others, context);
  if (givesPattern(series, patch)) return editSeries(draft, series, { ...others, due_date: dueDate }, context);
  const { pattern, dueDate: anchor } = movedAll(series, occurrence, dueDate);
  const edited = editSeries(draft, series, { ...others, due_date: anchor, recurrence_pattern: pattern }, context);
  moveOpen(draft, series.id, occurrence, dueDate, context);
  return edited;
};

/** Whether a write says itself which rule holds, so that none has to move. */
const givesPattern = ({ recurrence_pattern }: Task, patch: TaskFields): boolean =>
  recurrence_pattern == null ||
  (patch.recurrence_pattern !== undefined && patch.recurrence_pattern !== recurrence_pattern);

/**
 * The due date that a write gives to a date of a series; undefined when it gives none, or the one there is.
 * @throws DomainError for one that is none
 */
const newDueDate = (occurrence: Task, dueDate: string | null | undefined): string | undefined => {
  if (dueDate === undefined) return undefined;
  if (dueDate === null) throw invalidField("due_date", "a task that repeats needs a due date");
  const due = parseDueDate(dueDate);
  if (due === undefined) throw invalidField("due_date", "must be a date, a wall-clock time or an instant");
  const text = formatDueDate(due);
  return text === occurrence.due_date ? undefined : text;
};

/** An open occurrence that is moved with its series is where it was moved to. */
const moveOpen = (draft: Draft, seriesId: string, occurrence: Task, dueDate: string, context: SeriesContext): void => {
  const [series, current] = [draft.get(seriesId), draft.get(occurrence.id) ?? occurrence];
  const place = series && civilOf(dueDate, series.recurrence_time_zone ?? "UTC");
  if (series?.recurrence_pattern == null || place === undefined || !isOpen(current)) return;
  const date = formatCivil(place);
  refuseSettled(draft, series, current, date);
  placeAt(draft, current, { date, dueDate }, context);
};

/** @throws DomainError when a date is moved to where the past is settled, or to another one that is open */
const refuseSettled = (draft: Draft, series: Task, { id }: Task, date: string): void => {
  const schedule = seriesOf(series)?.schedule;
  const isByDay = schedule !== undefined && hasOneTimeADay(schedule);
  const placeIn = (text: string): string => (isByDay ? text.slice(0, 10) : text);
  const isInTheWay = (other: Task): boolean => {
    const order = compareDates(placeIn(other.occurrence_date ?? ""), placeIn(date));
    return isOpen(other) ? order === 0 : order >= 0;
  };
  const other = occurrencesOf(draft, series.id).find(
    (task) => task.id !== id && !isWithdrawn(task) && isInTheWay(task),
  );
  if (other === undefined) return;
  const why = isOpen(other)
    ? "has a date of the series already"
    : `is not after ${other.occurrence_date ?? ""}, which is settled`;
  throw invalidField("due_date", `${date} ${why}; move this date to a later one, or alone (scope=this)`);
};

/** A series and its occurrences have reminders for the same under ids of their own. */
export const withoutReminderIds = ({ reminders }: TaskFields): Pick<TaskFields, "reminders"> =>
  reminders == null ? {} : { reminders: reminders.map(({ id: _id, ...reminder }) => reminder) };

/**
 * Ends the series before an occurrence and goes on from there as another one, with the changes. Every date from there
 * on belongs to that one, settled or open, with its id and what was written on it: what was done does not come again.
 */
export const editFollowing = (
  draft: Draft,
  series: Task,
  occurrence: Task,
  patch: TaskFields,
  context: SeriesContext,
): Edited => {
  if (!hasEarlier(draft, series, occurrence)) return editAll(draft, series, occurrence, patch, context);
  if (series.recurrence_pattern == null && patch.recurrence_pattern == null)
    return editOpenFrom(draft, series, occurrence, patch, context);
  if (patch.recurrence_pattern === null) return endAt(draft, series, occurrence, patch, context);
  const { status: _status, completed: _completed, ...changes } = patch;
  const from = isOpen(occurrence) ? occurrence : nextOpen(draft, series, occurrence, changes);
  const following = allFrom(draft, series, from);
  const dueDate = newDueDate(from, changes.due_date);
  const { recurrence_pattern, due_date } = goingOn(draft, series, from, changes, dueDate, context);
  const fields = { ...carriedOver(series), ...changes, recurrence_pattern, due_date };
  const identity = { id: context.newId(), userId: series.user_id };
  const input = { ...fields, ...withoutReminderIds(fields) };
  const isMoved = dueDate !== undefined || givesPattern(series, patch);
  const edited = addSeries(draft, input, identity, context, { from: series, isMoved });
  const { due_date: _dueDate, ...content } = withoutRecurrence(changes);
  if (from !== occurrence) draft.put(patchTask(occurrence, content, context).change);
  // The rule is the same as before, as it is spelt from here on, unless the write gives another one.
  draft.goOn(identity.id, isMoved ? series : { ...series, ...ruleTextOf(draft.get(identity.id)) });
  for (const task of following) draft.revise(draft.get(task.id) ?? task, { parent_recurring_task_id: identity.id });
  endBefore(draft, series, from);
  const own = draft.get(from.id) ?? from;
  draft.put(patchTask(own, content, context).change);
  if (givesPattern(series, patch)) placeOnSeries(draft, identity.id, own, context);
  else if (dueDate !== undefined) moveOpen(draft, identity.id, own, dueDate, context);
  return edited;
};

const ruleTextOf = (task: Task | undefined): Partial<Task> =>
  task === undefined ? {} : { recurrence_pattern: task.recurrence_pattern ?? null, due_date: task.due_date };

/** A date that is settled stays as it is; the series goes on from the next open one. @throws DomainError without one */
const nextOpen = (draft: Draft, series: Task, occurrence: Task, { due_date }: TaskFields): Task => {
  newDueDate(occurrence, due_date);
  if (due_date !== undefined && due_date !== occurrence.due_date)
    throw invalidField("due_date", "this date is settled; move it alone (scope=this), or move one that is open");
  const [next] = openFrom(draft, series, occurrence);
  if (next !== undefined) return next;
  throw new DomainError("conflict", "no date after this one is open; change the whole series (scope=all)");
};

/** What a series takes over from the one it goes on from. */
const carriedOver = (series: Task) => {
  const { title, description, priority, reminders = [] } = series;
  const { recurrence_end_date = null, recurrence_basis = null, recurrence_catch_up = null } = series;
  const { recurrence_paused_until = null } = series;
  return {
    title,
    description,
    priority,
    reminders,
    recurrence_end_date,
    recurrence_basis,
    recurrence_catch_up,
    recurrence_paused_until,
  };
};

/** The pattern and the due date from which a series goes on as another one. */
const goingOn = (
  draft: Draft,
  series: Task,
  from: Task,
  patch: TaskFields,
  dueDate: string | undefined,
  context: SeriesContext,
): { recurrence_pattern: string; due_date: string } => {
  const place = from.occurrence_date ?? "";
  if (patch.recurrence_pattern != null && givesPattern(series, patch))
    return { recurrence_pattern: patch.recurrence_pattern, due_date: dueDate ?? dueDateAt(series, place) };
  const beginning = dueDate === undefined ? beginningAt(series, place) : movedFollowing(series, from, dueDate);
  const had = timesHad(draft, series.id, context) - allFrom(draft, series, from).filter(isCounted).length;
  return { recurrence_pattern: withTimesLeft(beginning.pattern, series, had), due_date: beginning.dueDate };
};

/** With a pattern of its own the series may begin later than the date it goes on from, which is its first then. */
const placeOnSeries = (draft: Draft, seriesId: string, occurrence: Task, context: SeriesContext): void => {
  const [task, current] = [draft.get(seriesId), draft.get(occurrence.id) ?? occurrence];
  const series = task && seriesOf(task);
  const first = series && firstDate(series);
  if (task === undefined || first == null || formatCivil(first) === current.occurrence_date) return;
  const date = formatCivil(first);
  placeAt(draft, current, { date, dueDate: dueDateWhenMoved(task, task, current, date) }, context);
};

const withoutRecurrence = (patch: TaskFields): TaskFields =>
  Object.fromEntries(Object.entries(patch).filter(([name]) => !recurrenceNames.some((known) => known === name)));

/** Of a series that has ended, what is left is edited; a due date is this one's alone. */
const editOpenFrom = (
  draft: Draft,
  series: Task,
  occurrence: Task,
  patch: TaskFields,
  context: SeriesContext,
): Edited => {
  const { due_date: _dueDate, ...content } = { ...withoutRecurrence(patch), ...withoutReminderIds(patch) };
  const others = openFrom(draft, series, occurrence).filter(({ id }) => id !== occurrence.id);
  for (const task of others) draft.put(patchTask(task, content, context).change);
  return editOccurrence(draft, occurrence, patch, context);
};

/** This one stays as a task of its own, and none follows. */
const endAt = (draft: Draft, series: Task, occurrence: Task, patch: TaskFields, context: SeriesContext): Edited => {
  const { recurrence_pattern: _pattern, ...content } = patch;
  const { change, warnings } = patchTask(occurrence, content, context);
  draft.put(change);
  draft.revise(change?.after ?? occurrence, { occurrence_outcome: "detached" });
  for (const task of openFrom(draft, series, occurrence)) withdraw(draft, task, context);
  endBefore(draft, series, occurrence);
  return { id: occurrence.id, warnings };
};

/** The series ends with its last date before the occurrence, so that it has none any more, however it counts them. */
export const endBefore = (draft: Draft, task: Task, occurrence: Task): void => {
  const isEarlier = (one: Task): boolean =>
    compareDates(one.occurrence_date ?? "", occurrence.occurrence_date ?? "") < 0;
  const last = occurrencesOf(draft, task.id).findLast((one) => !isWithdrawn(one) && isEarlier(one));
  if (last === undefined) throw new Error(`the series ${task.id} has no date before ${occurrence.occurrence_date}`);
  const series = seriesOf(task);
  const recurrence_end_date = (last.occurrence_date ?? "").slice(0, 10);
  draft.revise(task, { recurrence_end_date, ...(series === null ? {} : untilLast(task, series, last)) });
};

/** A day is too coarse an end for several dates a day: the rule itself ends with the last one. */
const untilLast = (task: Task, series: Series, last: Task): Partial<Task> => {
  const { schedule, zone } = series;
  if (hasOneTimeADay(schedule)) return {};
  const first = firstDate({ ...series, endDate: null, pausedUntil: null });
  // The rule has been moved away from its last date, and has none until then.
  if (first === null || compareCivil(first, placeOf(last)) > 0) return { recurrence_end_date: dayBefore(last) };
  const pattern = `RRULE:${canonical({ ...schedule.rule, count: null, until: placeOf(last) })}`;
  const { fields } = readRule({ ...task, recurrence_pattern: pattern, recurrence_end_date: null }, zone, "anywhere");
  return { ...fields, recurrence_end_date: (last.occurrence_date ?? "").slice(0, 10) };
};

export const hasEarlier = (draft: Draft, series: Task, occurrence: Task): boolean =>
  occurrencesOf(draft, series.id).some(
    (task) => !isWithdrawn(task) && (task.occurrence_date ?? "") < (occurrence.occurrence_date ?? ""),
  );

/** The occurrences from one on, whatever became of them. */
const allFrom = (draft: Draft, series: Task, occurrence: Task): Task[] =>
  occurrencesOf(draft, series.id).filter((task) => (task.occurrence_date ?? "") >= (occurrence.occurrence_date ?? ""));

/** The open occurrences from one on. */
export const openFrom = (draft: Draft, series: Task, occurrence: Task): Task[] =>
  allFrom(draft, series, occurrence).filter(isOpen);

/** The occurrence that a write through the series' id is meant for: the earliest open one. */
export const openOccurrenceOf = (draft: Draft, series: Task): Task | undefined => openOccurrences(draft, series.id)[0];

/** The occurrence that was completed, skipped or deleted last. */
export const closedOccurrenceOf = (draft: Draft, series: Task): Task | undefined =>
  occurrencesOf(draft, series.id).findLast(
    (task) => !isOpen(task) && task.deleted_at === null && task.occurrence_outcome !== "detached",
  );

/** Whether a patch asks for the task to be completed. */
export const asksForCompletion = (patch: TaskFields): boolean => statusOf(patch) === "completed";

/** The series of an occurrence, unless it is gone for good or in the trash. */
export const seriesOfOccurrence = (draft: Draft, occurrence: Task): Task | undefined => {
  const series = draft.get(occurrence.parent_recurring_task_id ?? "");
  return series !== undefined && isSeries(series) && series.deleted_at === null ? series : undefined;
};
