import { dayOfWeek, daysFromCivil, daysInMonth } from "../civil.ts";
import type { Schedule } from "./schedule.ts";
import type { StepBudget } from "./step-budget.ts";
import { daysOfWeeks } from "./week-number.ts";

/** A stretch of the line of civil days: `end` is the day after the last. */
interface Stretch {
  readonly first: number;
  readonly end: number;
}

const monthOf = (year: number, month: number): Stretch => {
  const first = daysFromCivil(year, month, 1);
  return { first, end: first + daysInMonth(year, month) };
};

const yearOf = (year: number): Stretch => ({ first: daysFromCivil(year, 1, 1), end: daysFromCivil(year + 1, 1, 1) });

const everyMonth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** The days of a year that match, ascending. */
export function matchingDaysOfYear(schedule: Schedule, year: number, budget: StepBudget): number[] {
  const { byMonth } = schedule.rule;
  const named = daysNamedInYear(schedule, year, budget);
  return (byMonth.length > 0 ? byMonth : everyMonth).flatMap((month) =>
    matchingDays(schedule, year, month, named, budget),
  );
}

/** The days of a month that match, ascending. */
export function matchingDaysOfMonth(schedule: Schedule, year: number, month: number, budget: StepBudget): number[] {
  if (schedule.months?.[month] === false) return [];
  return matchingDays(schedule, year, month, daysNamedInYear(schedule, year, budget), budget);
}

/** The days that BYYEARDAY and BYWEEKNO name; null where a rule has neither. */
function daysNamedInYear({ rule }: Schedule, year: number, budget: StepBudget): number[] | null {
  if (rule.byYearDay.length === 0 && rule.byWeekNo.length === 0) return null;
  budget.spend(rule.byYearDay.length + rule.byWeekNo.length * 3 * 7);
  if (rule.byYearDay.length === 0) return daysOfWeeks(year, rule.byWeekNo, rule.weekStart);
  const days = numberedDays(yearOf(year), rule.byYearDay);
  if (rule.byWeekNo.length === 0) return days;
  const inWeeks = new Set(daysOfWeeks(year, rule.byWeekNo, rule.weekStart));
  return days.filter((day) => inWeeks.has(day));
}

/** The n-th days of a stretch, from its end when negative; ascending. */
function numberedDays({ first, end }: Stretch, numbers: readonly number[]): number[] {
  const days = numbers
    .map((number) => (number > 0 ? first + number - 1 : end + number))
    .filter((day) => day >= first && day < end);
  return days.length < 2 ? days : [...new Set(days)].toSorted((a, b) => a - b);
}

function matchingDays(
  schedule: Schedule,
  year: number,
  month: number,
  named: number[] | null,
  budget: StepBudget,
): number[] {
  const at = monthOf(year, month);
  const days = daysNamedInMonth(schedule, at, named);
  budget.spend(days.length);
  return schedule.rule.byDay.length === 0 ? days : days.filter((day) => isWantedWeekday(schedule, day, year, at));
}

function daysNamedInMonth({ rule }: Schedule, at: Stretch, named: number[] | null): number[] {
  const numbered = rule.byMonthDay.length === 0 ? null : numberedDays(at, rule.byMonthDay);
  if (named !== null)
    return named.filter((day) => day >= at.first && day < at.end && numbered?.includes(day) !== false);
  return numbered ?? Array.from({ length: at.end - at.first }, (_, i) => at.first + i);
}

/** BYDAY: any such weekday, or the n-th of its month or year. */
function isWantedWeekday(schedule: Schedule, day: number, year: number, month: Stretch): boolean {
  const weekday = dayOfWeek(day);
  if (schedule.weekdays[weekday] === true) return true;
  if (schedule.numberedWeekdays.length === 0) return false;
  const { first, end } = schedule.numberedInYear ? yearOf(year) : month;
  const fromStart = Math.floor((day - first) / 7) + 1;
  const fromEnd = -Math.floor((end - 1 - day) / 7) - 1;
  return schedule.numberedWeekdays.some(
    (part) => part.weekday === weekday && (part.ordinal === fromStart || part.ordinal === fromEnd),
  );
}
