import type { Task } from "../../contract/task.ts";
import { type Civil, compareCivil, formatCivil, parseCivil } from "../civil.ts";
import { dateOnDayOf, firstDate, type Series } from "../recurrence.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import {
  compareDates,
  dueDateWhenMoved,
  materialise,
  newestOccurrence,
  occurrencesOf,
  openOccurrences,
  placeAt,
  waitingOf,
  withdraw,
} from "./family.ts";
import { answered, dateAfter, datesUnderNewRule, isPaused, type NextDate, timesLeft } from "./next-date.ts";
import { instantOf, isOpen, isWithdrawn, placeOf } from "./occurrence.ts";
import { seriesOf } from "./series-rule.ts";

/*
 * What a changed rule means for the occurrences there are. Settled dates stay what they are. An occurrence whose time has come keeps its
 * day. What is to come moves with the rule, with its id and what was written on it; it is withdrawn only where the rule has no date for
 * it, and comes back when it has one again.
 */

/** The fields that say which dates there are; the others say how long, from when, and what becomes of missed ones. */
const dateFields = ["recurrence_pattern", "due_date", "recurrence_time_zone", "recurrence_basis"] as const;

const noNext: NextDate = { date: null, passedOver: null };

/** Brings the open occurrences of a series under its rule; answers the date it goes on with. */
export const applyRule = (
  draft: Draft,
  before: Task,
  task: Task,
  context: SeriesContext,
  isReturn: boolean,
): NextDate => {
  const series = seriesOf(task);
  if (series === null) return noNext;
  if (dateFields.every((field) => (before[field] ?? null) === (task[field] ?? null)))
    return applyBounds(draft, task, series, context);
  const newest = newestOccurrence(draft, task.id);
  if (isReturn && newest !== undefined && isOpen(newest))
    return { date: newest.occurrence_date ?? null, passedOver: null };
  for (const occurrence of openOccurrences(draft, task.id))
    if (!isToCome(draft, before, occurrence, context)) moveWithinDay(draft, before, task, series, occurrence, context);
  return series.basis === "completion"
    ? moveByCompletion(draft, before, task, series, context)
    : moveBySchedule(draft, before, task, series, context);
};

/** What this same write has put where it is was put there by its user, and stays. */
const isToCome = (draft: Draft, before: Task, occurrence: Task, context: SeriesContext): boolean =>
  !isPlacedByWrite(draft, occurrence) && instantOf(before, placeOf(occurrence)) > context.now;

const isPlacedByWrite = (draft: Draft, { id, occurrence_date, parent_recurring_task_id }: Task): boolean => {
  const earlier = draft.changeOf(id)?.before;
  return (
    earlier !== undefined &&
    (earlier === null ||
      !isOpen(earlier) ||
      earlier.occurrence_date !== occurrence_date ||
      earlier.parent_recurring_task_id !== parent_recurring_task_id)
  );
};

/** The same dates, but another end, pause or way to catch up. */
const applyBounds = (draft: Draft, task: Task, series: Series, context: SeriesContext): NextDate => {
  const paused = isPaused(task, context);
  const open = openOccurrences(draft, task.id);
  for (const occurrence of open) {
    if (isAhead(task, occurrence, context) && (paused || isAfterEnd(series, placeOf(occurrence))))
      withdraw(draft, occurrence, context);
  }
  const left = openOccurrences(draft, task.id).at(-1);
  if (left !== undefined && (paused || series.basis === "completion" || isAhead(task, left, context)))
    return { date: left.occurrence_date ?? null, passedOver: null };
  const date = nextDate(draft, task, series, context);
  if (date !== null && !paused) materialise(draft, task, date, context);
  return { date: date ?? newestOpenDate(draft, task.id), passedOver: null };
};

/** What a series without a further date has next: its newest date, while that is open. */
const newestOpenDate = (draft: Draft, seriesId: string): string | null => {
  const newest = newestOccurrence(draft, seriesId);
  return newest !== undefined && isOpen(newest) ? (newest.occurrence_date ?? null) : null;
};

const isAfterEnd = ({ endDate }: Series, place: Civil): boolean =>
  endDate !== null && compareDates(formatCivil(place).slice(0, 10), formatCivil(endDate)) > 0;

/** The date a series goes on with after what is settled. */
const nextDate = (draft: Draft, task: Task, series: Series, context: SeriesContext): string | null => {
  const settled = newestOccurrence(draft, task.id);
  if (series.basis === "schedule")
    return datesUnderNewRule(series, settled, datesWanted(0, draft, task, context), context)[0] ?? null;
  const { date } = dateAfter(draft, task, settled, context);
  const waiting = date === null ? undefined : waitingOf(draft, task.id);
  return waiting !== undefined && mayGoOnAt(task, series, waiting, context) ? (waiting.occurrence_date ?? null) : date;
};

/** By completion a date may have been given by hand: it is the one to go on with unless a pause has passed over it. */
const mayGoOnAt = (task: Task, series: Series, waiting: Task, context: SeriesContext): boolean => {
  const place = placeOf(waiting);
  const { pausedUntil } = series;
  return (
    isAhead(task, waiting, context) &&
    !isAfterEnd(series, place) &&
    (pausedUntil === null || compareCivil(place, pausedUntil) >= 0)
  );
};

/** An open occurrence takes the new time of its day, where the rule has one. */
const moveWithinDay = (
  draft: Draft,
  before: Task,
  task: Task,
  series: Series,
  occurrence: Task,
  context: SeriesContext,
): void => {
  if (isPlacedByWrite(draft, occurrence)) return;
  const date = answered(() => dateOnDayOf(series, placeOf(occurrence)));
  const text = date === null ? null : formatCivil(date);
  const isFree = !occurrencesOf(draft, task.id).some(
    (other) => other.id !== occurrence.id && other.occurrence_date === text && !isWithdrawn(other),
  );
  if (text !== null && isFree) moveTo(draft, before, task, occurrence, text, context);
};

const moveBySchedule = (draft: Draft, before: Task, task: Task, series: Series, context: SeriesContext): NextDate => {
  const paused = isPaused(task, context);
  const toCome = openOccurrences(draft, task.id).filter((one) => isToCome(draft, before, one, context));
  const settled = occurrencesOf(draft, task.id).findLast((one) => !isWithdrawn(one) && !toCome.includes(one));
  if (settled !== undefined && toCome.length === 0 && isOpen(settled) && isAhead(task, settled, context))
    return { date: settled.occurrence_date ?? null, passedOver: null };
  const dates = datesFor(draft, task, series, settled, toCome.length, context);
  const lastOpen = settled !== undefined && isOpen(settled) ? settled.occurrence_date : null;
  const next = { date: dates.at(-1) ?? lastOpen ?? null, passedOver: null };
  if (paused) return { ...next, date: waitAt(draft, before, task, toCome, dates[0] ?? null, context) ?? next.date };
  moveToDates(draft, before, task, toCome, dates, context);
  if (toCome.length === 0 && dates[0] !== undefined) materialise(draft, task, dates[0], context);
  return next;
};

/** An all-day date of today is there beside the one that is still to come, or that one would lose its id to it. */
const datesFor = (
  draft: Draft,
  task: Task,
  series: Series,
  settled: Task | undefined,
  toCome: number,
  context: SeriesContext,
): string[] => {
  const wanted = datesWanted(toCome, draft, task, context);
  const dates = datesUnderNewRule(series, settled, wanted, context);
  const last = parseCivil(dates.at(-1) ?? "");
  const isToday = last !== undefined && instantOf(task, last) <= context.now;
  return isToday && settled !== undefined && toCome > 0 && timesLeft(draft, task, context) > 0
    ? datesUnderNewRule(series, settled, wanted + 1, context)
    : dates;
};

/** One for each that is to come, or the next one; none beyond COUNT. */
const datesWanted = (toCome: number, draft: Draft, task: Task, context: SeriesContext): number => {
  const left = timesLeft(draft, task, context);
  return Math.max(0, toCome === 0 ? Math.min(1, left) : toCome + Math.min(0, left));
};

/** In a pause what is to come is withdrawn, and waits at the date on which the series goes on. */
const waitAt = (
  draft: Draft,
  before: Task,
  task: Task,
  toCome: readonly Task[],
  date: string | null,
  context: SeriesContext,
): string | null => {
  for (const one of toCome) withdraw(draft, one, context);
  const waiting = waitingOf(draft, task.id);
  const isFree = !occurrencesOf(draft, task.id).some(({ occurrence_date }) => occurrence_date === date);
  if (waiting !== undefined && date !== null && isFree) moveTo(draft, before, task, waiting, date, context);
  return date;
};

const isAhead = (task: Task, occurrence: Task, { now }: SeriesContext): boolean =>
  instantOf(task, placeOf(occurrence)) > now;

/** Whose day the rule still has stays on it; the others take the dates that are left, in order. */
const moveToDates = (
  draft: Draft,
  before: Task,
  task: Task,
  toCome: readonly Task[],
  dates: readonly string[],
  context: SeriesContext,
): void => {
  const staying = new Map<Task, string>();
  for (const one of toCome) {
    const date = dates.find((text) => dayOf(text) === dayOf(one.occurrence_date ?? "") && !isTaken(staying, text));
    if (date !== undefined) staying.set(one, date);
  }
  const free = dates.filter((date) => !isTaken(staying, date));
  const moves = toCome.map((one) => [one, staying.get(one) ?? free.shift()] as const);
  for (const [one, date] of latestFirst(moves))
    if (date === undefined) withdraw(draft, one, context);
    else moveTo(draft, before, task, one, date, context);
  for (const date of free) materialise(draft, task, date, context);
};

const isTaken = (taken: ReadonlyMap<Task, string>, date: string): boolean => [...taken.values()].includes(date);

const dayOf = (date: string): string => date.slice(0, 10);

/** Dates move on, as a rule: the latest makes room for the one before it. */
const latestFirst = <T>(moves: readonly T[]): T[] => moves.toReversed();

const moveTo = (
  draft: Draft,
  before: Task,
  task: Task,
  occurrence: Task,
  date: string,
  context: SeriesContext,
): void => {
  if (occurrence.occurrence_date === date) return;
  placeAt(draft, occurrence, { date, dueDate: dueDateWhenMoved(before, task, occurrence, date) }, context);
};

/** By completion one is open at a time; while its time has not come it moves with the rule. */
const moveByCompletion = (draft: Draft, before: Task, task: Task, series: Series, context: SeriesContext): NextDate => {
  const open = openOccurrences(draft, task.id);
  const toCome = open.filter((one) => isToCome(draft, before, one, context));
  const newest = open.at(-1);
  if (newest !== undefined && toCome.length < open.length)
    return { date: newest.occurrence_date ?? null, passedOver: null };
  const settled = occurrencesOf(draft, task.id).findLast((one) => !isWithdrawn(one) && !toCome.includes(one));
  const date = completionDate(draft, before, task, series, settled, context);
  const paused = isPaused(task, context);
  const [first] = toCome;
  if (date === null || paused) waitAt(draft, before, task, toCome, date, context);
  else if (first === undefined) materialise(draft, task, date, context);
  else moveTo(draft, before, task, first, date, context);
  return { date, passedOver: null };
};

/** A new due date is when it is to be done next; else the rule goes on from what was completed last. */
const completionDate = (
  draft: Draft,
  before: Task,
  task: Task,
  series: Series,
  settled: Task | undefined,
  context: SeriesContext,
): string | null => {
  const date = before.due_date === task.due_date ? null : answered(() => firstDate(series));
  const text = date === null ? null : formatCivil(date);
  const isAfterSettled = text !== null && dayOf(text) > dayOf(settled?.occurrence_date ?? "");
  return isAfterSettled ? text : dateAfter(draft, task, settled, context).date;
};
