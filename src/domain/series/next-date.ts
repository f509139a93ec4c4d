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
import { startOfDay } from "../time-zone.ts";
import type { Draft, SeriesContext } from "./draft.ts";
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
 * The date that must exist after the newest occurrence there was: itself while it is open, else the one that follows.
 * @throws DomainError when the rule is too complex for an answer
 */
export const dateAfter = (draft: Draft, task: Task, newest: Task | undefined, context: SeriesContext): NextDate => {
  const series = seriesOf(task);
  if (series === null) return ended;
  if (newest !== undefined && isOpen(newest)) return { date: newest.occurrence_date ?? null, passedOver: null };
  return timesLeft(draft, task, context) > 0 ? planned(series, progressOf(newest), context) : ended;
};

/** How many more dates a series may have. */
export const timesLeft = (draft: Draft, task: Task, context: SeriesContext): number => {
  const count = seriesOf(task)?.count ?? null;
  return count === null ? Infinity : count - timesHad(draft, task.id, context);
};

/**
 * The dates of a rule that was changed, for as many occurrences that are to come, after those that are settled. Fewer
 * when the series ends before.
 */
export const datesUnderNewRule = (
  series: Series,
  settled: Task | undefined,
  wanted: number,
  context: SeriesContext,
): string[] =>
  answered(() => {
    const dates: Civil[] = [];
    let date = settled === undefined ? firstDate(series) : nextToCome(series, placeOf(settled), context.now);
    for (; date !== null && dates.length < wanted; date = followingDate(series, date)) dates.push(date);
    return dates.map(formatCivil);
  });

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

const textOf = (date: Civil | null): string | null => (date === null ? null : formatCivil(date));

/** @throws DomainError a 422 in place of a RecurrenceError */
export const answered = <T>(find: () => T): T => {
  try {
    return find();
  } catch (error) {
    throw error instanceof RecurrenceError ? refusedPattern(error.problem) : error;
  }
};
