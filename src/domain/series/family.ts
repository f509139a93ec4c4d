import type { Task } from "../../contract/task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { isOpen, isWithdrawn, newOccurrence } from "./occurrence.ts";

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
 * Sees to it that the occurrence of a date exists: it is made, or a withdrawn one comes back. One that was closed stays
 * so.
 */
export const materialise = (draft: Draft, series: Task, date: string, context: SeriesContext): void => {
  const id = context.occurrenceId(series.id, date);
  const existing =
    occurrencesOf(draft, series.id).find(({ occurrence_date }) => occurrence_date === date) ?? draft.get(id);
  if (existing === undefined) draft.put(newOccurrence(series, date, id, context));
  else if (isWithdrawn(existing)) bringBack(draft, series, existing, date, context);
};

const bringBack = (draft: Draft, series: Task, withdrawn: Task, date: string, context: SeriesContext): void => {
  const {
    title,
    description,
    priority,
    due_date,
    due_at,
    reminders = [],
  } = newOccurrence(series, date, withdrawn.id, context).after;
  draft.revise(withdrawn, {
    title,
    description,
    priority,
    due_date,
    due_at,
    reminders,
    deleted_at: null,
    occurrence_outcome: null,
  });
};

/**
 * Takes an occurrence back that the series does not need any more. It is in nobody's trash, and comes back when its
 * date does.
 */
export const withdraw = (draft: Draft, occurrence: Task, context: SeriesContext): void =>
  draft.revise(occurrence, { deleted_at: new Date(context.now).toISOString(), occurrence_outcome: "withdrawn" });
