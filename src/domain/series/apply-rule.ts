import type { Task } from "../../contract/task.ts";
import { type Civil, formatCivil, parseCivil } from "../civil.ts";
import { atTimeOfRule, dateOnDayOf, firstDate, hasOneTimeADay, type Series } from "../recurrence.ts";
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
import { answered, countedDate, datesUnderNewRule, isPaused, nextDateOf, textOf, timesLeft } from "./next-date.ts";
import { instantOf, isOpen, isWithdrawn, placeOf } from "./occurrence.ts";
import { seriesOf } from "./series-rule.ts";

/*
 * What a changed rule means for the occurrences there are. Settled dates stay what they are. An occurrence whose time has come keeps its
 * day. What is to come moves with the rule, with its id and what was written on it; it is withdrawn only where the rule has no date for
 * it, and comes back when it has one again.
 */

/** The fields that say which dates there are. */
const dateFields = ["recurrence_pattern", "due_date", "recurrence_time_zone", "recurrence_basis"] as const;

const boundFields = ["recurrence_end_date", "recurrence_paused_until"] as const;

/** Brings the open occurrences of a series under its rule. */
export const applyRule = (draft: Draft, before: Task, task: Task, context: SeriesContext): void => {
  const series = seriesOf(task);
  if (series === null) return;
  const isAsBefore = (field: keyof Task): boolean => (before[field] ?? null) === (task[field] ?? null);
  if (dateFields.every(isAsBefore)) {
    const isNew = draft.earlierOf(task.id) === undefined;
    if (isNew || !boundFields.every(isAsBefore)) applyBounds(draft, task, series, context);
    return;
  }
  if (isAnotherTime(before, task)) {
    moveTimes(draft, before, task, series, context);
    if (!boundFields.every(isAsBefore)) applyBounds(draft, task, series, context);
    return;
  }
  for (const occurrence of openOccurrences(draft, task.id))
    if (!isToCome(draft, before, occurrence, context)) moveWithinDay(draft, before, task, series, occurrence, context);
  if (series.basis === "completion") moveByCompletion(draft, before, task, series, context);
  else moveBySchedule(draft, before, task, series, context);
};

/** Whether the rule is the same but for the time of day. */
const isAnotherTime = (before: Task, task: Task): boolean => {
  const [old, series] = [seriesOf(before), seriesOf(task)];
  return (
    old !== null &&
    series !== null &&
    old.pattern === series.pattern &&
    old.basis === series.basis &&
    hasOneTimeADay(old.schedule) &&
    hasOneTimeADay(series.schedule) &&
    anchorDayOf(old) === anchorDayOf(series)
  );
};

const anchorDayOf = (series: Series | null): string | undefined =>
  series === null ? undefined : dayOf(formatCivil(series.schedule.anchor));

/** Another time moves no day: neither of what is open, nor of what waits for the series to go on. */
const moveTimes = (draft: Draft, before: Task, task: Task, series: Series, context: SeriesContext): void => {
  const waiting = waitingOf(draft, task.id);
  for (const occurrence of [...openOccurrences(draft, task.id), ...(waiting === undefined ? [] : [waiting])])
    moveToFree(draft, before, task, occurrence, atTimeOfRule(series, placeOf(occurrence)), context);
};

/** What this same write has put where it is was put there by its user, and stays. */
const isToCome = (draft: Draft, before: Task, occurrence: Task, context: SeriesContext): boolean =>
  !isPlacedByWrite(draft, occurrence) && instantOf(before, placeOf(occurrence)) > context.now;

const isPlacedByWrite = (draft: Draft, { id, occurrence_date }: Task): boolean => {
  const earlier = draft.changeOf(id)?.before;
  return earlier !== undefined && (earlier === null || !isOpen(earlier) || earlier.occurrence_date !== occurrence_date);
};

/** The same dates, but another end or pause. */
const applyBounds = (draft: Draft, task: Task, series: Series, context: SeriesContext): void => {
  const paused = isPaused(task, context);
  for (const occurrence of openOccurrences(draft, task.id))
    if (isAhead(task, occurrence, context) && (paused || isAfterEnd(series, placeOf(occurrence))))
      withdraw(draft, occurrence, context);
  const left = openOccurrences(draft, task.id).at(-1);
  const hasNext = left !== undefined && (series.basis === "completion" || isAhead(task, left, context));
  if (paused || hasNext) return;
  const date = dateToGoOnWith(draft, task, series, context);
  if (date !== null) materialise(draft, task, date, context);
};

const isAfterEnd = ({ endDate }: Series, place: Civil): boolean =>
  endDate !== null && compareDates(formatCivil(place).slice(0, 10), formatCivil(endDate)) > 0;

/** By schedule, what has passed while the series did not go on is not made up for. */
const dateToGoOnWith = (draft: Draft, task: Task, series: Series, context: SeriesContext): string | null => {
  if (series.basis === "completion") return nextDateOf(draft, task, context).date;
  const begins = draft.earlierOf(task.id) === undefined;
  const wanted = { toCome: [], most: timesLeft(draft, task, context), begins };
  return datesUnderNewRule(series, newestOccurrence(draft, task.id), wanted, context)[0] ?? null;
};

/** An open occurrence takes the date that the rule has on its day. */
const moveWithinDay = (
  draft: Draft,
  before: Task,
  task: Task,
  series: Series,
  occurrence: Task,
  context: SeriesContext,
): void =>
  moveToFree(
    draft,
    before,
    task,
    occurrence,
    answered(() => dateOnDayOf(series, placeOf(occurrence))),
    context,
  );

/** Moves an occurrence to a date that no other one has, unless this same write has placed it already. */
const moveToFree = (
  draft: Draft,
  before: Task,
  task: Task,
  occurrence: Task,
  date: Civil | null,
  context: SeriesContext,
): void => {
  const text = textOf(date);
  if (text === null || isPlacedByWrite(draft, occurrence)) return;
  const isFree = !occurrencesOf(draft, task.id).some(
    (other) => other.id !== occurrence.id && other.occurrence_date === text && !isWithdrawn(other),
  );
  if (isFree && !draft.isBeingLeft(task.id, text, occurrence.id))
    moveTo(draft, before, task, occurrence, text, context);
};

const moveBySchedule = (draft: Draft, before: Task, task: Task, series: Series, context: SeriesContext): void => {
  const ahead = openOccurrences(draft, task.id).filter((one) => isToCome(draft, before, one, context));
  const settled = occurrencesOf(draft, task.id).findLast((one) => !isWithdrawn(one) && !ahead.includes(one));
  // What is open before that keeps its day where it can: the rule goes on after both.
  const staying = ahead.filter((one) => settled !== undefined && isBefore(one, settled) && hasDayOf(series, one));
  for (const one of staying) moveWithinDay(draft, before, task, series, one, context);
  const toCome = ahead.filter((one) => !staying.includes(one));
  const isPlaced = settled !== undefined && isOpen(settled) && isAhead(task, settled, context);
  if (toCome.length === 0 && isPlaced) return;
  const dates = datesUnderNewRule(
    series,
    settled,
    {
      toCome,
      most: toCome.length + timesLeft(draft, task, context),
      begins: settled === undefined && anchorDayOf(seriesOf(before)) !== anchorDayOf(series),
    },
    context,
  );
  if (isPaused(task, context)) waitAt(draft, before, task, toCome, dates[0] ?? null, context);
  else moveToDates(draft, before, task, toCome, dates, context);
};

/** In a pause what is to come is withdrawn, and waits at the date on which the series goes on. */
const waitAt = (
  draft: Draft,
  before: Task,
  task: Task,
  toCome: readonly Task[],
  date: string | null,
  context: SeriesContext,
): void => {
  for (const one of toCome) withdraw(draft, one, context);
  const waiting = waitingOf(draft, task.id);
  const isFree = !occurrencesOf(draft, task.id).some(({ occurrence_date }) => occurrence_date === date);
  if (waiting !== undefined && date !== null && isFree && !draft.isBeingLeft(task.id, date, waiting.id))
    moveTo(draft, before, task, waiting, date, context);
};

const isBefore = (one: Task, other: Task): boolean =>
  compareDates(one.occurrence_date ?? "", other.occurrence_date ?? "") < 0;

const hasDayOf = (series: Series, occurrence: Task): boolean =>
  answered(() => dateOnDayOf(series, placeOf(occurrence))) !== null;

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
    const ofDay = dates.filter((text) => dayOf(text) === dayOf(one.occurrence_date ?? "") && !isTaken(staying, text));
    const date = ofDay.find((text) => text === one.occurrence_date) ?? ofDay.find((text) => !isPlaceOf(toCome, text));
    if (date !== undefined) staying.set(one, date);
  }
  const left = dates.filter((date) => !isTaken(staying, date) && !draft.isBeingLeft(task.id, date));
  // What is to come takes a date that is to come; today's, which has come, is made beside it.
  const hasCome = (date: string): boolean => {
    const civil = parseCivil(date);
    return civil !== undefined && instantOf(task, civil) <= context.now;
  };
  const free = [...left.filter((date) => !hasCome(date)), ...left.filter(hasCome)];
  const moves = toCome.map((one) => [one, staying.get(one) ?? free.shift()] as const);
  for (const [one, date] of latestFirst(moves))
    if (date === undefined) withdraw(draft, one, context);
    else moveTo(draft, before, task, one, date, context);
  for (const date of free) materialise(draft, task, date, context);
};

const isPlaceOf = (tasks: readonly Task[], date: string): boolean =>
  tasks.some(({ occurrence_date }) => occurrence_date === date);

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
const moveByCompletion = (draft: Draft, before: Task, task: Task, series: Series, context: SeriesContext): void => {
  const open = openOccurrences(draft, task.id);
  const toCome = open.filter((one) => isToCome(draft, before, one, context));
  if (toCome.length < open.length) return;
  const settled = occurrencesOf(draft, task.id).findLast((one) => !isWithdrawn(one) && !toCome.includes(one));
  const [first] = toCome;
  const date = completionDate(draft, before, task, series, settled, context);
  if (date === null || isPaused(task, context)) waitAt(draft, before, task, toCome, date, context);
  else if (first === undefined) materialise(draft, task, date, context);
  else moveTo(draft, before, task, first, date, context);
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
  return isAfterSettled ? text : countedDate(draft, task, settled, context);
};
