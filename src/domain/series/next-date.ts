import type { Task } from "../../contract/task.ts";
import { type Civil, formatCivil } from "../civil.ts";
import { nextToCome, planSeries, RecurrenceError, type Series, type SeriesProgress } from "../recurrence.ts";
import { startOfDay } from "../time-zone.ts";
import type { SeriesContext } from "./draft.ts";
import { closedAt, isOpen, placeOf } from "./occurrence.ts";
import { refusedPattern, seriesOf } from "./series-rule.ts";

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
export const dateAfter = (task: Task, newest: Task | undefined, context: SeriesContext): NextDate => {
  const series = seriesOf(task);
  if (series === null) return ended;
  if (newest !== undefined && isOpen(newest)) return { date: newest.occurrence_date ?? null, passedOver: null };
  return planned(series, progressOf(task, newest, context), context);
};

/** The date a series goes on with under a rule that was changed, after the newest occurrence that stays. */
export const dateUnderNewRule = (task: Task, kept: Task | undefined, context: SeriesContext): NextDate => {
  const series = seriesOf(task);
  if (series === null) return ended;
  if (series.basis === "completion" || kept === undefined) return dateAfter(task, kept, context);
  const date = answered(() => nextToCome(series, placeOf(kept), context.now));
  return { date: textOf(date), passedOver: null };
};

/** Whether a pause keeps the series from having its next date already. */
export const isPaused = (task: Task, { now }: SeriesContext): boolean => {
  const series = seriesOf(task);
  return series !== null && resumesAt(series) > now;
};

const progressOf = (task: Task, newest: Task | undefined, context: SeriesContext): SeriesProgress => {
  if (newest === undefined) return { last: null, lastClosedAt: null, made: 0 };
  return { last: placeOf(newest), lastClosedAt: closedAt(newest), made: context.occurrencesMade(task.id) };
};

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

const answered = <T>(find: () => T): T => {
  try {
    return find();
  } catch (error) {
    throw error instanceof RecurrenceError ? refusedPattern(error.problem) : error;
  }
};
