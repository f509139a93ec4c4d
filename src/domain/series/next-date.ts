import type { Task } from "../../contract/task.ts";
import { type Civil, formatCivil } from "../civil.ts";
import {
  firstDate,
  followingDate,
  nextToCome,
  planSeries,
  RecurrenceError,
  type Series,
  type SeriesProgress,
} from "../recurrence.ts";
import { startOfDay, toInstant } from "../time-zone.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { newestOccurrence } from "./family.ts";
import { closedAt, isOpen, placeOf } from "./occurrence.ts";
import { refusedPattern, seriesOf } from "./series-rule.ts";
import { timesHad } from "./times-done.ts";

/** The date a series goes on with, and what catching up left out to get there. */
export interface NextDate {
  /** Null when the series has ended. */
  readonly date: string | null;
  /** As `first/last`. */
  readonly passedOver: string | null;
}

const ended: NextDate = { date: null, passedOver: null };

/**
 * The date a series goes on with, as the one answer to it: it follows from the rule, the occurrences and the moment, and
 * not from what was done last. It is the newest date while that is open, else the one that follows. By completion, the
 * date that somebody gave it goes before the one that is counted from the completion.
 * @throws DomainError when the rule is too complex for an answer
 */
export const nextDateOf = (draft: Draft, task: Task, context: SeriesContext): NextDate => {
  const series = seriesOf(task);
  if (series === null) return ended;
  const newest = newestOccurrence(draft, task.id);
  if (newest !== undefined && isOpen(newest)) return { date: newest.occurrence_date ?? null, passedOver: null };
  if (timesLeft(draft, task, context) <= 0) return ended;
  const given = newest === undefined ? null : givenDate(series, newest);
  return given === null ? planned(series, progressOf(newest), context) : { date: given, passedOver: null };
};

/** The date that follows a settled one by the rule alone; null when the series has ended. */
export const countedDate = (
  draft: Draft,
  task: Task,
  settled: Task | undefined,
  context: SeriesContext,
): string | null => {
  const series = seriesOf(task);
  return series === null || timesLeft(draft, task, context) <= 0
    ? null
    : planned(series, progressOf(settled), context).date;
};

/** By completion: the due date of the series, where it is later than what was settled: somebody gave it. */
const givenDate = (series: Series, newest: Task): string | null => {
  if (series.basis === "schedule") return null;
  const date = textOf(answered(() => firstDate(series)));
  return date !== null && dayOf(date) > dayOf(newest.occurrence_date ?? "") ? date : null;
};

const dayOf = (date: string): string => date.slice(0, 10);

/** How many more dates a series may have. */
export const timesLeft = (draft: Draft, task: Task, context: SeriesContext): number => {
  const count = seriesOf(task)?.count ?? null;
  return count === null ? Infinity : count - timesHad(draft, task.id, context);
};

/** How many dates of a changed rule are looked for. */
export interface DatesWanted {
  /** Occurrences that are to come, and have one each. */
  readonly toCome: readonly Task[];
  /** No more than so many in all. */
  readonly most: number;
  /** Whether the rule begins at its due date, rather than goes on from here. */
  readonly begins: boolean;
}

/**
 * The dates of a rule that was changed, after those that are settled: one for each occurrence that is to come, or the
 * next one where none is. What the rule has had until now is there beside them. Fewer when the series ends before.
 */
export const datesUnderNewRule = (
  series: Series,
  settled: Task | undefined,
  { toCome, most, begins }: DatesWanted,
  { now }: SeriesContext,
): string[] =>
  answered(() => {
    const first = begins ? firstDate(series) : nextToCome(series, settled === undefined ? null : placeOf(settled), now);
    if (first === null || most <= 0) return [];
    const dates = begins && toCome.length > 0 ? [...madeFirst(series, now)] : [first];
    for (let last = dates.at(-1) ?? first; areTooFew(dates, series, toCome, now); dates.push(last)) {
      const next = followingDate(series, last);
      if (next === null) break;
      last = next;
    }
    return dates.slice(0, most).map(formatCivil);
  });

/** A date that has come is one for what has its day; the others want dates that are to come. */
const areTooFew = (dates: readonly Civil[], series: Series, toCome: readonly Task[], now: number): boolean => {
  const come = dates.filter((date) => toInstant(series.zone, date) <= now);
  const days = new Set(come.map((date) => dayOf(formatCivil(date))));
  const others = toCome.filter(({ occurrence_date }) => !days.has(dayOf(occurrence_date ?? "")));
  return dates.length - come.length < others.length;
};

/** What a series has of its rule when it begins, with what has come since, as it catches up. */
const madeFirst = (series: Series, now: number): readonly Civil[] =>
  planSeries(series, { last: null, lastClosedAt: null }, Math.max(now, resumesAt(series))).make;

/** Whether a pause keeps the series from having its next date already. */
export const isPaused = (task: Task, { now }: SeriesContext): boolean => {
  const series = seriesOf(task);
  return series !== null && resumesAt(series) > now;
};

const progressOf = (newest: Task | undefined): SeriesProgress =>
  newest === undefined ? { last: null, lastClosedAt: null } : { last: placeOf(newest), lastClosedAt: closedAt(newest) };

/** As if the pause were over: the next date of a paused series is known before it is made. */
const planned = (series: Series, progress: SeriesProgress, { now }: SeriesContext): NextDate => {
  const { make, passedOver } = answered(() => planSeries(series, progress, Math.max(now, resumesAt(series))));
  const [date = null] = make;
  return {
    date: textOf(date),
    passedOver: passedOver && `${formatCivil(passedOver.first)}/${formatCivil(passedOver.last)}`,
  };
};

const resumesAt = ({ zone, pausedUntil }: Series): number =>
  pausedUntil === null ? -Infinity : startOfDay(zone, pausedUntil);

export const textOf = (date: Civil | null): string | null => (date === null ? null : formatCivil(date));

/** @throws DomainError a 422 in place of a RecurrenceError */
export const answered = <T>(find: () => T): T => {
  try {
    return find();
  } catch (error) {
    throw error instanceof RecurrenceError ? refusedPattern(error.problem) : error;
  }
};
