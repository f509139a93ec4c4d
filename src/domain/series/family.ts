import type { Task } from "../../contract/task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { hasOneTimeADay } from "../recurrence.ts";
import { moveToClock } from "../task.ts";
import { dueDateAt, isAsItsSeries, isOpen, isWithdrawn, newOccurrence } from "./occurrence.ts";
import { seriesOf } from "./series-rule.ts";

/** The occurrences of a series that a draft knows, in the order of their dates. */
export const occurrencesOf = (draft: Draft, seriesId: string): Task[] =>
  [...draft.tasks()].filter(({ parent_recurring_task_id }) => parent_recurring_task_id === seriesId).toSorted(byDate);

const byDate = (one: Task, other: Task): number => compareDates(one.occurrence_date ?? "", other.occurrence_date ?? "");

/** Dates by the rule as text: their order is the calendar's. */
export const compareDates = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

export const openOccurrences = (draft: Draft, seriesId: string): Task[] =>
  occurrencesOf(draft, seriesId).filter(isOpen);

/** The latest date the series has had, open or not. */
export const newestOccurrence = (draft: Draft, seriesId: string): Task | undefined =>
  occurrencesOf(draft, seriesId).findLast((task) => !isWithdrawn(task));

/**
 * Sees to it that the occurrence of a date exists: a withdrawn one comes back as it was left, one that a pause took
 * from an earlier date comes back here when somebody has written on it, or it is made. One that was closed stays so. A
 * date that is being left is made by the next write.
 */
export const materialise = (draft: Draft, series: Task, date: string, context: SeriesContext): void => {
  const existing = occurrencesOf(draft, series.id).filter(({ occurrence_date }) => occurrence_date === date);
  if (existing.some((task) => !isWithdrawn(task)) || draft.isBeingLeft(series.id, date)) return;
  const [withdrawn] = existing;
  if (withdrawn !== undefined) return bringBack(draft, withdrawn, context);
  const waiting = withdrawnOfDay(draft, series, date) ?? waitingWithWords(draft, series, date);
  if (waiting === undefined)
    return draft.put(newOccurrence(series, date, freeId(draft, series.id, date, context), context));
  draft.revise(waiting, { occurrence_date: date, due_date: dueDateWhenMoved(series, series, waiting, date) });
  bringBack(draft, draft.get(waiting.id) ?? waiting, context);
};

/** The id follows from the date, unless an occurrence has it that was moved to another date since. */
const freeId = (draft: Draft, seriesId: string, date: string, context: SeriesContext): string => {
  let id = context.occurrenceId(seriesId, date);
  for (let others = 1; draft.get(id) !== undefined; others += 1)
    id = context.occurrenceId(seriesId, `${date} after ${others}`);
  return id;
};

/** What was to come next when it was withdrawn last: it waits for the series to go on. */
export const waitingOf = (draft: Draft, seriesId: string): Task | undefined => {
  const newest = newestOccurrence(draft, seriesId)?.occurrence_date ?? "";
  return occurrencesOf(draft, seriesId)
    .filter((task) => isWithdrawn(task) && compareDates(task.occurrence_date ?? "", newest) > 0)
    .toSorted((one, other) => compareDates(other.deleted_at ?? "", one.deleted_at ?? ""))[0];
};

/** Where the rule has one time a day, the occurrence of a day is the same one at whichever time. */
const withdrawnOfDay = (draft: Draft, series: Task, date: string): Task | undefined => {
  const schedule = seriesOf(series)?.schedule;
  if (schedule === undefined || !hasOneTimeADay(schedule)) return undefined;
  const ofDay = occurrencesOf(draft, series.id).filter(
    ({ occurrence_date }) => occurrence_date?.slice(0, 10) === date.slice(0, 10),
  );
  return ofDay.every(isWithdrawn) ? ofDay[0] : undefined;
};

/** One that waits with words of its own, which would be lost when the series goes on at a later date. */
const waitingWithWords = (draft: Draft, series: Task, date: string): Task | undefined => {
  const waiting = waitingOf(draft, series.id);
  const isEarlier = compareDates(waiting?.occurrence_date ?? "", date) < 0;
  return waiting !== undefined && isEarlier && !isAsItsSeries(series, waiting) ? waiting : undefined;
};

const bringBack = (draft: Draft, withdrawn: Task, context: SeriesContext): void => {
  draft.revise(withdrawn, { deleted_at: null, occurrence_outcome: null });
  draft.put(moveToClock(draft.get(withdrawn.id) ?? withdrawn, context));
};

/** The due date an occurrence has at another date: the series', unless somebody gave one to it alone. */
export const dueDateWhenMoved = (before: Task, series: Task, occurrence: Task, date: string): string | null =>
  occurrence.due_date === dueDateAt(before, occurrence.occurrence_date ?? "")
    ? dueDateAt(series, date)
    : occurrence.due_date;

/**
 * Moves an occurrence to another date of its series, with its id and what was written on it. Where a withdrawn one has
 * that date already, that one comes back with what was written on this one, which is withdrawn.
 */
export const placeAt = (
  draft: Draft,
  occurrence: Task,
  { date, dueDate }: { date: string; dueDate: string | null },
  context: SeriesContext,
): void => {
  const seriesId = occurrence.parent_recurring_task_id ?? "";
  const inPlace = occurrencesOf(draft, seriesId).find(
    ({ id, occurrence_date }) => id !== occurrence.id && occurrence_date === date,
  );
  if (inPlace === undefined) return draft.revise(occurrence, { occurrence_date: date, due_date: dueDate });
  if (!isWithdrawn(inPlace)) throw new Error(`the series ${seriesId} has ${date} already`);
  const { title, description, priority, reminders = [] } = occurrence;
  draft.revise(inPlace, {
    title,
    description,
    priority,
    due_date: dueDate,
    // A reminder's id is its task's alone.
    reminders: reminders.map((reminder) => ({ ...reminder, id: context.reminderId(reminder.id, inPlace.id) })),
    deleted_at: null,
    occurrence_outcome: null,
  });
  withdraw(draft, occurrence, context);
};

/**
 * Takes an occurrence back that the series does not need any more. It is in nobody's trash, and comes back when its
 * date does.
 */
export const withdraw = (draft: Draft, occurrence: Task, context: SeriesContext): void =>
  draft.revise(occurrence, { deleted_at: new Date(context.now).toISOString(), occurrence_outcome: "withdrawn" });
