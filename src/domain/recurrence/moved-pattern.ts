import {
  type Civil,
  civilToMs,
  dateOf,
  dayOfWeek,
  daysFromCivil,
  daysInMonth,
  isDateTime,
  msPerDay,
} from "../civil.ts";
import { canonical } from "./canonical.ts";
import { createSchedule, isOccurrence } from "./occurrences.ts";
import { parsePattern } from "./pattern.ts";
import { inOrder, type RecurrenceRule, type WeekdayPart } from "./rule.ts";
import type { Schedule } from "./schedule.ts";

/** A move of one date of a rule to another, by which the whole rule is to move. */
export interface RuleMove {
  readonly from: Civil;
  readonly to: Civil;
}

/** Where a pattern begins, in the order in which they are preferred. */
export interface PatternAt {
  readonly pattern: string;
  readonly anchor: Civil;
}

/**
 * The rule under which a moved date is where it was moved to: as it is written, from the first of the anchors at which
 * it has that date; else with its explicit days and times moved by as much. Undefined when the rule cannot move by
 * itself.
 */
export const movePattern = (
  { rule }: Schedule,
  move: RuleMove,
  written: readonly PatternAt[],
  zone: string,
): PatternAt | undefined => {
  const moved = movedRule(rule, move);
  const candidates = [
    ...written,
    ...(moved === undefined ? [] : [{ pattern: `RRULE:${canonical(moved)}`, anchor: move.to }]),
  ];
  return candidates.find(({ pattern, anchor }) => hasDate(pattern, anchor, move.to, zone));
};

const hasDate = (pattern: string, anchor: Civil, date: Civil, zone: string): boolean => {
  const parsed = parsePattern(pattern, anchor, zone);
  return parsed.ok && isOccurrence(createSchedule({ ...parsed.rule, count: null }, anchor), date);
};

/** A rule whose days and times are named, as much later; undefined where "as much" has no meaning for it. */
const movedRule = (rule: RecurrenceRule, move: RuleMove): RecurrenceRule | undefined => {
  const times = movedTimes(rule, move.to);
  const days = daysBetween(move) === 0 ? {} : movedDays(rule, move);
  return times === undefined || days === undefined ? undefined : { ...rule, ...times, ...days };
};

const daysBetween = ({ from, to }: RuleMove): number => (civilToMs(dateOf(to)) - civilToMs(dateOf(from))) / msPerDay;

type Times = Pick<RecurrenceRule, "byHour" | "byMinute" | "bySecond">;

/** One named time becomes the new one; of several, the new one must be one. */
const movedTimes = (rule: RecurrenceRule, to: Civil): Partial<Times> | undefined => {
  if (!isDateTime(to)) return { byHour: [], byMinute: [], bySecond: [] };
  const byHour = movedList(rule.byHour, to.hour);
  const byMinute = movedList(rule.byMinute, to.minute);
  const bySecond = movedList(rule.bySecond, to.second);
  return byHour && byMinute && bySecond && { byHour, byMinute, bySecond };
};

const movedList = (list: readonly number[], value: number): readonly number[] | undefined => {
  if (list.length === 1) return [value];
  return list.length === 0 || list.includes(value) ? list : undefined;
};

type Days = Pick<RecurrenceRule, "byMonth" | "byMonthDay" | "byYearDay" | "byDay" | "weekStart">;

const movedDays = (rule: RecurrenceRule, move: RuleMove): Partial<Days> | undefined => {
  const { freq, byDay, byMonthDay, byYearDay, byWeekNo, bySetPos } = rule;
  if (bySetPos.length > 0 || byWeekNo.length > 0) return undefined;
  if ([byDay, byMonthDay, byYearDay].filter(({ length }) => length > 0).length > 1) return undefined;
  const byMonth = freq === "YEARLY" || rule.byMonth.length > 1 ? movedList(rule.byMonth, move.to.month) : rule.byMonth;
  const days = movedDayList(rule, move);
  return byMonth && days && { ...days, byMonth };
};

const movedDayList = (rule: RecurrenceRule, move: RuleMove): Partial<Days> | undefined => {
  const { byDay, byMonthDay, byYearDay } = rule;
  if (byYearDay.length > 0) return byYearDay.length === 1 ? { byYearDay: [dayOfYear(move.to)] } : undefined;
  if (byMonthDay.length > 0) return movedMonthDays(byMonthDay, move);
  if (byDay.every(({ ordinal }) => ordinal === 0)) return movedWeekdays(rule, daysBetween(move));
  return byDay.length === 1 ? movedNumberedWeekday(rule, byDay[0] as WeekdayPart, move.to) : undefined;
};

/** The week begins as much later too, so that a rule of every second week keeps its dates together. */
const movedWeekdays = ({ byDay, weekStart, interval }: RecurrenceRule, days: number): Partial<Days> => {
  const later = (weekday: number): number => (((weekday + days) % 7) + 7) % 7;
  return {
    byDay: inOrder(byDay.map(({ weekday }) => later(weekday))).map((weekday) => ({ weekday, ordinal: 0 })),
    weekStart: interval === 1 ? weekStart : later(weekStart),
  };
};

/** Every month has days 1 to 28, and between them a move means the same in each. */
const movedMonthDays = (byMonthDay: readonly number[], move: RuleMove): Partial<Days> | undefined => {
  if (byMonthDay.length === 1) return { byMonthDay: [move.to.day] };
  const moved = byMonthDay.map((day) => day + daysBetween(move));
  const isWithinAnyMonth = [...byMonthDay, ...moved].every((day) => day >= 1 && day <= 28);
  return isWithinAnyMonth ? { byMonthDay: moved } : undefined;
};

/** The second Tuesday moved to a Friday is the n-th Friday that it was moved to; the last Friday counts from the end. */
const movedNumberedWeekday = (
  { freq, byMonth }: RecurrenceRule,
  { ordinal }: WeekdayPart,
  to: Civil,
): Partial<Days> | undefined => {
  if (freq === "YEARLY" && byMonth.length === 0) return undefined;
  const weekday = dayOfWeek(daysFromCivil(to.year, to.month, to.day));
  const fromEnd = Math.ceil((daysInMonth(to.year, to.month) - to.day + 1) / 7);
  return { byDay: [{ weekday, ordinal: ordinal > 0 ? Math.ceil(to.day / 7) : -fromEnd }] };
};

const dayOfYear = ({ year, month, day }: Civil): number =>
  daysFromCivil(year, month, day) - daysFromCivil(year, 1, 1) + 1;
