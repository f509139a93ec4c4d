import {
  addDays,
  type Civil,
  civilFromMs,
  civilToMs,
  compareCivil,
  dateOf,
  daysInMonth,
  isDateTime,
  msPerDay,
} from "../civil.ts";
import { createSchedule, nextAfter, nextAtOrAfter } from "./occurrences.ts";
import { parsePattern } from "./pattern.ts";
import type { RecurrenceRule } from "./rule.ts";
import { hasOneTimeADay, type Schedule } from "./schedule.ts";

/** Finds the first date at or after a moment. */
export type DateSearch = (from: Civil) => Civil | null;

interface CompletedSeries {
  readonly pattern: string;
  readonly schedule: Schedule;
  readonly zone: string;
}

/**
 * The date that follows a completion: the rule's first at least its interval later, and later than the date that was
 * completed. A rule that names several dates of its period at an interval of one goes on with the next of them.
 * `from` finds a later one, for a series that is paused meanwhile.
 * @throws RecurrenceError `too_complex`
 */
export const nextAfterCompletion = (
  series: CompletedSeries,
  last: Civil,
  completed: Civil,
): { readonly date: Civil | null; readonly from: DateSearch } => {
  const { rule } = series.schedule;
  if (rule.interval === 1 && namesSeveralDates(series.schedule)) {
    const schedule = readAnew(series, atTimeOfDay(series.schedule, completed));
    const moment = hasOneTimeADay(schedule) ? schedule.anchor : completed;
    const after = compareCivil(moment, last) > 0 ? moment : last;
    return { date: nextAfter(schedule, after), from: (day) => nextAtOrAfter(schedule, day) };
  }
  const date = firstLaterThan(last, firstStep(rule, completed, last), (steps) =>
    dateFrom(series, stepped(series.schedule, completed, steps)),
  );
  return { date, from: (day) => dateFrom(series, atTimeOfDay(series.schedule, day)) };
};

const MAX_STEPS = 5;

/** A task that was completed early goes on with a later date than the one completed, by whole intervals. */
const firstLaterThan = (last: Civil, step: number, dateAt: (steps: number) => Civil | null): Civil | null => {
  for (let tries = 0; tries < MAX_STEPS; tries += 1) {
    const date = dateAt(step + tries);
    if (date === null || compareCivil(date, last) > 0) return date;
  }
  return null;
};

/** The rule's first date from a moment on, its interval aside: that has passed already. */
const dateFrom = (series: CompletedSeries, from: Civil): Civil | null => nextAtOrAfter(readAnew(series, from), from);

/** The pattern beside another day, which is the rule's where it names none, at the minute the series has. */
const readAnew = ({ pattern, schedule, zone }: CompletedSeries, from: Civil): Schedule => {
  const { anchor: written } = schedule;
  const hour = isDateTime(from) ? { hour: from.hour } : {};
  const anchor = isDateTime(written) ? { ...written, ...hour, ...dateOf(from) } : dateOf(from);
  const parsed = parsePattern(pattern, anchor, zone);
  return createSchedule({ ...(parsed.ok ? parsed.rule : schedule.rule), count: null, interval: 1 }, anchor);
};

const namesSeveralDates = (schedule: Schedule): boolean => {
  const { freq, byDay, byMonthDay, byYearDay, byMonth, bySetPos } = schedule.rule;
  if (!hasOneTimeADay(schedule) && freq !== "HOURLY") return true;
  if (freq === "HOURLY" || freq === "DAILY" || bySetPos.length === 1) return false;
  const isEachWeek = freq !== "WEEKLY" && byDay.some(({ ordinal }) => ordinal === 0);
  const lists = freq === "YEARLY" ? [byDay, byMonthDay, byYearDay, byMonth] : [byDay, byMonthDay];
  return isEachWeek || lists.some(({ length }) => length > 1);
};

const atTimeOfDay = ({ anchor }: Schedule, day: Civil): Civil => ({ ...anchor, ...dateOf(day) });

/** The first step that can come to a later date than the one that was completed early. */
const firstStep = ({ freq, interval }: RecurrenceRule, completed: Civil, last: Civil): number => {
  const days = (civilToMs(last) - civilToMs(completed)) / msPerDay;
  const months = (last.year - completed.year) * 12 + last.month - completed.month;
  const units = { HOURLY: days * 24, DAILY: days, WEEKLY: days / 7, MONTHLY: months, YEARLY: months / 12 }[freq];
  return Math.max(1, Math.floor(units / interval));
};

/** So many intervals after a completion: days, weeks, months and years by the calendar, hours by the clock. */
const stepped = (schedule: Schedule, completed: Civil, steps: number): Civil => {
  const { freq, interval } = schedule.rule;
  const units = interval * steps;
  if (freq === "HOURLY") return civilFromMs(civilToMs(completed) + (units * msPerDay) / 24);
  const day = dateOf(completed);
  if (freq === "DAILY") return atTimeOfDay(schedule, addDays(day, units));
  if (freq === "WEEKLY") return atTimeOfDay(schedule, addDays(day, units * 7));
  return atTimeOfDay(schedule, addMonths(day, freq === "MONTHLY" ? units : units * 12));
};

/** A month that is too short has its last day. */
const addMonths = ({ year, month, day }: Civil, months: number): Civil => {
  const count = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(count / 12), (count % 12) + 1];
  return { year: toYear, month: toMonth, day: Math.min(day, daysInMonth(toYear, toMonth)) };
};
