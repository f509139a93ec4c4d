import type { Task } from "../../contract/task.ts";
import {
  type Civil,
  civilFromMs,
  civilToMs,
  compareCivil,
  dateOf,
  formatCivil,
  isDateTime,
  msPerDay,
  parseCivil,
} from "../civil.ts";
import { type DomainError, invalidField } from "../../contract/problem.ts";
import { type DueDate, formatDueDate, parseDueDate } from "../due-date.ts";
import { canonical, isOccurrence as isOnRule, movePattern, parsePattern, type Series } from "../recurrence.ts";
import { toInstant } from "../time-zone.ts";
import { dueDateAt, placeOf, zoneOf } from "./occurrence.ts";
import { civilDue, seriesOf } from "./series-rule.ts";

/** The pattern and the due date with which a series begins, or goes on. */
export interface Beginning {
  readonly pattern: string;
  readonly dueDate: string;
}

/**
 * How a series goes on from one of its dates as another one: with the same dates. One that the rule has moved away from
 * since is no date to begin at, so the rule begins where it did.
 */
export const beginningAt = (task: Task, place: string): Beginning => {
  const series = seriesOf(task);
  if (series === null) throw new Error(`the series ${task.id} has ended and does not go on`);
  const anchor = parseCivil(place) ?? series.schedule.anchor;
  if (series.basis === "schedule" && !isOnRule(series.schedule, anchor))
    return { pattern: series.pattern, dueDate: task.due_date ?? place };
  return { pattern: patternFrom(series, anchor), dueDate: dueDateAt(task, place) };
};

/**
 * By schedule the rule is spelt out, since a 31st that is the 28th here is the 31st again later. By completion the
 * pattern stays as it is written, to be read beside each completion.
 */
const patternFrom = ({ pattern, schedule, basis, zone }: Series, anchor: Civil): string => {
  const parsed = parsePattern(pattern, anchor, zone);
  const isOnRule = parsed.ok && compareCivil(parsed.first, anchor) === 0;
  return basis === "completion" && isOnRule ? pattern : `RRULE:${canonical(schedule.rule)}`;
};

/** What is left of COUNT where a series goes on as another one. */
export const withTimesLeft = (pattern: string, task: Task, had: number): string => {
  const series = seriesOf(task);
  const { count = null } = series ?? {};
  if (series === null || count === null) return pattern;
  const anchor = series.schedule.anchor;
  const parsed = parsePattern(pattern, anchor, series.zone);
  return parsed.ok ? `RRULE:${canonical({ ...parsed.rule, count: Math.max(1, count - had) })}` : pattern;
};

/**
 * How a series goes on when one of its dates is moved and those that follow it with it: the new date is the anchor.
 * @throws DomainError when the rule cannot move there by itself
 */
export const movedFollowing = (task: Task, occurrence: Task, dueDate: string): Beginning => {
  const { series, from, to } = moveOf(task, occurrence, dueDate);
  const isSameDay = dayNumber(from) === dayNumber(to);
  const written = { pattern: isSameDay ? `RRULE:${canonical(series.schedule.rule)}` : series.pattern, anchor: to };
  const moved = movePattern(series.schedule, { from, to }, [written], series.zone);
  if (moved === undefined) throw cannotMove(task, dueDate);
  return { pattern: moved.pattern, dueDate };
};

/**
 * The same when all dates are moved: the anchor moves by as many days, or is the new date where the rule has that date
 * only so.
 * @throws DomainError when the rule cannot move there by itself
 */
export const movedAll = (task: Task, occurrence: Task, dueDate: string): Beginning => {
  const { series, from, to } = moveOf(task, occurrence, dueDate);
  const { pattern } = series;
  const shifted = movedAnchor(task, occurrence, dueDate);
  const anchor = civilOf(shifted, series.zone) ?? to;
  const moved = movePattern(
    series.schedule,
    { from, to },
    // By completion the anchor is the date that was given, from which the next one is not counted.
    [...(series.basis === "completion" ? [] : [{ pattern, anchor }]), { pattern, anchor: to }],
    series.zone,
  );
  if (moved === undefined) throw cannotMove(task, dueDate);
  return { pattern: moved.pattern, dueDate: moved.anchor === anchor ? shifted : dueDate };
};

const moveOf = (task: Task, occurrence: Task, dueDate: string): { series: Series; from: Civil; to: Civil } => {
  const series = seriesOf(task);
  const to = series && civilOf(dueDate, series.zone);
  if (series === null || to == null) throw new Error(`the series ${task.id} cannot be moved to ${dueDate}`);
  return { series, from: placeOf(occurrence), to };
};

/** A due date on the wall clock of a zone. */
export const civilOf = (dueDate: string, zone: string): Civil | undefined => {
  const due = parseDueDate(dueDate);
  return due === undefined ? undefined : civilDue(due, zone);
};

const cannotMove = ({ recurrence_text }: Task, dueDate: string): DomainError =>
  invalidField(
    "due_date",
    `“${recurrence_text ?? "the rule"}” cannot move to ${dueDate} by itself; send the recurrence_pattern you want too, or move this date alone (scope=this)`,
  );

/**
 * The anchor of a series when one of its occurrences is moved and all others with it: as many days later, at the new
 * time.
 */
const movedAnchor = (series: Task, occurrence: Task, dueDate: string): string => {
  const [anchor, due] = [series.due_date, dueDate].map((text) => (text === null ? undefined : parseDueDate(text)));
  if (anchor === undefined || due === undefined) return dueDate;
  const zone = zoneOf(series);
  const to = civilDue(due, zone);
  const days = dayNumber(to) - dayNumber(placeOf(occurrence)) + dayNumber(civilDue(anchor, zone));
  return formatDueDate(inKindOf(due, atDay(to, days), zone));
};

const dayNumber = (civil: Civil): number => civilToMs(dateOf(civil)) / msPerDay;

const atDay = (civil: Civil, days: number): Civil => {
  const midnight = civilFromMs(days * msPerDay);
  return isDateTime(civil) ? { ...civil, ...dateOf(midnight) } : dateOf(midnight);
};

const inKindOf = ({ kind }: DueDate, civil: Civil, zone: string): DueDate => {
  if (kind === "instant") return { kind, at: toInstant(zone, civil) };
  return isDateTime(civil) ? { kind: "wall-clock", at: civil } : { kind: "date", date: civil };
};

/** The day before a date of a series. */
export const dayBefore = (occurrence: Task): string =>
  formatCivil(dateOf(civilFromMs((dayNumber(placeOf(occurrence)) - 1) * msPerDay)));
