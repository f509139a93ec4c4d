import type { CivilDate } from "../civil.ts";
import { parsePattern } from "../recurrence/pattern.ts";
import { canonical } from "../recurrence/canonical.ts";
import {
  frequencies,
  type Frequency,
  inOrder,
  plainRule,
  type RecurrenceRule,
  type WeekdayPart,
} from "../recurrence/rule.ts";
import { RecurrenceError } from "../recurrence/recurrence-error.ts";
import { refuseUnusual } from "../recurrence/usual-bounds.ts";
import { monthDays } from "../recurrence/short-form.ts";
import { type DateContext, readBareDate } from "./dates.ts";
import { readNumber, readOrdinal, readOrdinalDigits, readDayOfMonth } from "./numbers.ts";
import { firstOf, type Read, type Reader } from "./reader.ts";
import { readDayPart, type TimeOfDay } from "./times.ts";
import type { Unit } from "./words.ts";

/** How a task repeats. */
export interface FoundRepeat {
  /** As `recurrence_pattern` has it: a short form where the days follow from the first date, else an RRULE. */
  readonly pattern: string;
  readonly fromCompletion: boolean;
  /** `every morning` says when. */
  readonly time?: TimeOfDay;
  readonly starting?: CivilDate;
  readonly until?: CivilDate;
  /** It counts only at the end of a text: `weekly`. */
  readonly isLone: boolean;
}

interface Often {
  readonly pattern: (limit: Limit) => string;
  readonly time?: TimeOfDay;
}

/** `10 times`, `weeks starting on Sunday`. */
interface Limit {
  readonly count?: number;
  readonly weekStart?: number;
}

type Rule = Pick<RecurrenceRule, "freq" | "interval"> & Partial<RecurrenceRule>;

/** How often, with the days, the first and the last date that belong to it. */
export const readRepeat = (reader: Reader, at: number, context: DateContext): Read<FoundRepeat> | undefined => {
  const often = readOften(reader, at);
  if (often !== undefined) return withEnds(reader, often, false, true, context);
  const habit = readHabit(reader, at);
  if (habit !== undefined) return withEnds(reader, habit, false, habit.value.isLone, context);
  const every = reader.word(at, "every");
  if (every === undefined) return undefined;
  const fromCompletion = reader.sign(every.next, "!") && reader.tokens[every.next]?.isApart === false;
  const start = fromCompletion ? every.next + 1 : every.next;
  const read = readEvery(reader, start, every.value.interval);
  return read && withEnds(reader, read, fromCompletion, false, context);
};

/** `mondays`, `on tuesdays and thursdays`. */
const readHabit = (reader: Reader, at: number): Read<Often & { readonly isLone: boolean }> | undefined => {
  const start = reader.skip(at, "on");
  if (reader.word(start, "weekdays")?.value.isHabit !== true) return undefined;
  const days = readWeekdays(reader, start, undefined);
  return days && { ...days, value: { ...days.value, isLone: start === at } };
};

/** `daily`, `fortnightly`, `monthly on the 15th`. */
const readOften = (reader: Reader, at: number): Read<Often> | undefined => {
  const often = reader.word(at, "often");
  return often && readUnitDays(reader, often.next, often.value.unit, often.value.interval);
};

/** What can stand behind `every`. */
const readEvery = (reader: Reader, at: number, said: number | undefined): Read<Often> | undefined =>
  firstOf(
    () => (said === undefined ? readMonthly(reader, at) : undefined),
    () => (said === undefined ? readYearly(reader, at) : undefined),
    () => readUnits(reader, at, said),
    () => readWeekdays(reader, at, said),
    () => (said === undefined ? readPart(reader, at) : undefined),
  );

const ruled = (rule: Rule): Often["pattern"] => {
  const { freq, ...parts } = rule;
  return (limit) => `RRULE:${canonical(plainRule(freq, { ...parts, ...limit }))}`;
};

const letters: Readonly<Record<Exclude<Unit, "minute" | "hour">, string>> = {
  day: "d",
  week: "w",
  month: "m",
  year: "y",
};
const names = { day: "daily", week: "weekly", month: "monthly", year: "yearly" } as const;
const frequencyOf: Readonly<Record<Exclude<Unit, "minute">, Frequency>> = {
  hour: frequencies[0],
  day: frequencies[1],
  week: frequencies[2],
  month: frequencies[3],
  year: frequencies[4],
};

/** Every so many units, whose days follow from the first date. */
const plain =
  (unit: Exclude<Unit, "minute">, interval: number): Often["pattern"] =>
  (limit) => {
    if (unit === "hour" || limit.count !== undefined || limit.weekStart !== undefined)
      return ruled({ freq: frequencyOf[unit], interval })(limit);
    return interval === 1 ? names[unit] : `custom:${interval}${letters[unit]}`;
  };

/** `day`, `3 days`, `2 weeks on mon, thu`, `second month`, `month on the 15th`. */
const readUnits = (reader: Reader, at: number, said: number | undefined): Read<Often> | undefined => {
  const number =
    said === undefined
      ? firstOf(
          () => readNumber(reader, at),
          () => readOrdinal(reader, at),
        )
      : undefined;
  const interval = said ?? number?.value ?? 1;
  const unit = reader.word(number?.next ?? at, "unit");
  if (unit === undefined || interval < 1 || interval > 1_000) return undefined;
  return readUnitDays(reader, unit.next, unit.value.unit, interval * (unit.value.of ?? 1));
};

const readUnitDays = (reader: Reader, at: number, unit: Unit, interval: number): Read<Often> | undefined => {
  if (unit === "minute") return undefined;
  const days = unit === "hour" || unit === "day" ? undefined : readDaysOf(reader, at, unit, interval);
  return days ?? { value: { pattern: plain(unit, interval) }, next: at };
};

/** `on mon and thu`, `on the 1st and 15th`, `on the last friday`, `on jan 15`. */
const readDaysOf = (
  reader: Reader,
  at: number,
  unit: "week" | "month" | "year",
  interval: number,
): Read<Often> | undefined => {
  const start = reader.skip(at, "on");
  if (start === at) return undefined;
  if (unit === "week") {
    const days = readWeekdayList(reader, start);
    return days && { value: { pattern: weekly(days.value, interval) }, next: days.next };
  }
  return unit === "month"
    ? readMonthly(reader, start, interval)
    : readYearly(reader, reader.skip(start, "article"), interval);
};

const weekly = (days: readonly number[], interval: number): Often["pattern"] =>
  ruled({ freq: "WEEKLY", interval, byDay: inOrder(days).map((weekday) => ({ weekday, ordinal: 0 })) });

/** `friday`, `mon, wed and fri`, `weekday`, with `morning` behind it. */
const readWeekdays = (reader: Reader, at: number, said: number | undefined): Read<Often> | undefined => {
  const days = readWeekdayList(reader, at);
  if (days === undefined) return undefined;
  const part = readDayPart(reader, days.next);
  const time = part === undefined ? {} : { time: part.value };
  return { value: { pattern: weekly(days.value, said ?? 1), ...time }, next: part?.next ?? days.next };
};

const readWeekdayList = (reader: Reader, at: number): Read<number[]> | undefined =>
  readList(reader, at, (place) => {
    const group = reader.word(place, "weekdays");
    if (group !== undefined) return { value: [...group.value.days], next: group.next };
    const weekday = reader.word(place, "weekday");
    return weekday && { value: [weekday.value.day], next: weekday.next };
  });

/** Things with commas and `and` between them. */
const readList = <Value>(
  reader: Reader,
  at: number,
  read: (at: number) => Read<Value[]> | undefined,
): Read<Value[]> | undefined => {
  const first = read(at);
  if (first === undefined) return undefined;
  let [value, next] = [first.value, first.next];
  for (;;) {
    const comma = reader.sign(next, ",") || reader.sign(next, "&") ? next + 1 : next;
    const place = reader.skip(comma, "and");
    const more = place === next ? undefined : (read(place) ?? read(reader.skip(place, "article")));
    if (more === undefined) return { value, next };
    [value, next] = [[...value, ...more.value], more.next];
  }
};

/** `1st and 15th`, `last day of the month`, `last friday`, `first monday of january`. */
const readMonthly = (reader: Reader, at: number, interval = 1): Read<Often> | undefined => {
  const start = reader.skip(at, "article");
  return firstOf(
    () => readNthWeekdays(reader, start, interval),
    () => readMonthDays(reader, start, interval),
  );
};

const readNthWeekdays = (reader: Reader, at: number, interval: number): Read<Often> | undefined => {
  const parts = readList<WeekdayPart>(reader, at, (place) => {
    const nth = readOrdinal(reader, place);
    const weekday = nth && reader.word(nth.next, "weekday");
    return nth && weekday && { value: [{ weekday: weekday.value.day, ordinal: nth.value }], next: weekday.next };
  });
  const group = parts === undefined ? readNthOfGroup(reader, at) : undefined;
  const found = parts ?? group;
  if (found === undefined) return undefined;
  const byDay = parts === undefined ? (group?.value.days ?? []) : parts.value;
  const bySetPos = parts === undefined ? [group?.value.nth ?? 1] : [];
  const of = reader.word(found.next, "of");
  const month = of && reader.word(of.next, "month");
  if (month !== undefined)
    return {
      value: { pattern: ruled({ freq: "YEARLY", interval, byMonth: [month.value.month], byDay, bySetPos }) },
      next: month.next,
    };
  return {
    value: { pattern: ruled({ freq: "MONTHLY", interval, byDay, bySetPos }) },
    next: pastOfMonth(reader, found.next),
  };
};

/** `last weekday`, `first weekend day`: a position among several weekdays. */
const readNthOfGroup = (reader: Reader, at: number): Read<{ nth: number; days: WeekdayPart[] }> | undefined => {
  const nth = readOrdinal(reader, at);
  const group = nth && reader.word(nth.next, "weekdays");
  return (
    nth &&
    group && {
      value: { nth: nth.value, days: group.value.days.map((weekday) => ({ weekday, ordinal: 0 })) },
      next: group.next,
    }
  );
};

const LAST_DAY = -1;

const readMonthDays = (reader: Reader, at: number, interval: number): Read<Often> | undefined => {
  const days = readList(reader, at, (place) => {
    const digits = readOrdinalDigits(reader, place);
    if (digits !== undefined) return { value: [digits.value], next: digits.next };
    const nth = readOrdinal(reader, place);
    const day = nth && reader.word(nth.next, "unit");
    return nth && day?.value.unit === "day" ? { value: [nth.value], next: day.next } : undefined;
  });
  if (days === undefined || days.value.some((day) => day > 31 || day === 0 || day < LAST_DAY)) return undefined;
  const of = reader.word(days.next, "of");
  const month = of && reader.word(of.next, "month");
  if (month !== undefined && days.value.every((day) => day > 0))
    return {
      value: {
        pattern: ruled({ freq: "YEARLY", interval, byMonth: [month.value.month], byMonthDay: inOrder(days.value) }),
      },
      next: month.next,
    };
  const rule = ruled({ freq: "MONTHLY", interval, ...monthDays(inOrder(days.value)) });
  return { value: { pattern: rule }, next: pastShorterMonth(reader, pastOfMonth(reader, days.next)) };
};

/** `of the month`, `of each month`. */
const pastOfMonth = (reader: Reader, at: number): number => {
  const of = reader.word(at, "of");
  const unit = of && reader.word(reader.skip(reader.skip(of.next, "article"), "every"), "unit");
  return unit?.value.unit === "month" ? unit.next : at;
};

/** The sentence of such a rule says what becomes of it in a month that is too short; so may whoever types it. */
const pastShorterMonth = (reader: Reader, at: number): number => {
  const words = ", or on the last day of a shorter month".match(/,|\w+/g) ?? [];
  return words.every((word, index) => reader.tokens[at + index]?.folded === word) ? at + words.length : at;
};

/** `jan 15`, `15 january`, `15 jan and 15 jul`. */
const readYearly = (reader: Reader, at: number, interval = 1): Read<Often> | undefined => {
  const dates = readList(reader, at, (place) => {
    const found = firstOf(
      () => readMonthAndDay(reader, place),
      () => readDayAndMonth(reader, place),
    );
    return found && { value: [found.value], next: found.next };
  });
  if (dates === undefined) return undefined;
  const months = inOrder(dates.value.map(({ month }) => month));
  const days = inOrder(dates.value.map(({ day }) => day));
  // A rule has each of its days in each of its months.
  if (months.length * days.length !== dates.value.length) return undefined;
  return {
    value: { pattern: ruled({ freq: "YEARLY", interval, byMonth: months, byMonthDay: days }) },
    next: dates.next,
  };
};

type MonthAndDay = Read<{ month: number; day: number }> | undefined;

const readMonthAndDay = (reader: Reader, at: number): MonthAndDay => {
  const month = reader.word(at, "month");
  const day = month && readDayOfMonth(reader, reader.skip(month.next, "article"));
  return month && day && { value: { month: month.value.month, day: day.value }, next: day.next };
};

const readDayAndMonth = (reader: Reader, at: number): MonthAndDay => {
  const day = readDayOfMonth(reader, at);
  const month = day && reader.word(reader.skip(day.next, "of"), "month");
  return day && month && { value: { month: month.value.month, day: day.value }, next: month.next };
};

/** `morning`: every day, at that time. */
const readPart = (reader: Reader, at: number): Read<Often> | undefined => {
  const part = reader.word(at, "part");
  return part && { value: { pattern: plain("day", 1), time: { hour: part.value.hour, minute: 0 } }, next: part.next };
};

/** `starting 1 feb`, `until june`, `10 times`, in any order, with commas. */
const withEnds = (
  reader: Reader,
  often: Read<Often>,
  fromCompletion: boolean,
  isLone: boolean,
  context: DateContext,
): Read<FoundRepeat> => {
  let { next } = often;
  let limit: Limit = {};
  let ends: Pick<FoundRepeat, "starting" | "until"> = {};
  for (;;) {
    const place = reader.sign(next, ",") ? next + 1 : next;
    const end = firstOf(
      () => readEnd(reader, place, "starting", context),
      () => readEnd(reader, place, "until", context),
    );
    const count = end === undefined ? readTimes(reader, place) : undefined;
    const weekStart = end === undefined && count === undefined ? readWeekStart(reader, place) : undefined;
    if (end !== undefined) ends = { ...ends, ...end.value };
    else if (count !== undefined) limit = { ...limit, count: count.value };
    else if (weekStart !== undefined) limit = { ...limit, weekStart: weekStart.value };
    const read = end ?? count ?? weekStart;
    if (read === undefined) break;
    ({ next } = read);
  }
  const { time } = often.value;
  const pattern = often.value.pattern(limit);
  const value = {
    pattern,
    fromCompletion,
    ...(time === undefined ? {} : { time }),
    ...ends,
    isLone,
  };
  return { value, next };
};

/** Why a task cannot repeat so: the rule has no date, or more than a person means; undefined when it can. */
export const repeatProblem = ({ pattern }: FoundRepeat, today: CivilDate): string | undefined => {
  // A time of day, because a rule by the hour needs one.
  const parsed = parsePattern(pattern, { ...today, hour: 9, minute: 0, second: 0, ms: 0 });
  if (!parsed.ok) return parsed.error.message;
  try {
    refuseUnusual(parsed.rule);
    return undefined;
  } catch (error) {
    if (error instanceof RecurrenceError) return error.message;
    throw error;
  }
};

const readEnd = (reader: Reader, at: number, kind: "starting" | "until", context: DateContext) => {
  const word = reader.word(at, kind);
  const read = word && readBareDate(reader, reader.skip(reader.skip(word.next, "on"), "article"), context);
  return read === undefined || read.value.date === null
    ? undefined
    : { value: { [kind]: read.value.date }, next: read.next };
};

const readTimes = (reader: Reader, at: number): Read<number> | undefined => {
  const number = readNumber(reader, reader.skip(at, "for"));
  const times = number && reader.word(number.next, "times");
  return number && times && number.value > 0 ? { value: number.value, next: times.next } : undefined;
};

/** `weeks starting on Sunday`, as the sentence of a rule says it. */
const readWeekStart = (reader: Reader, at: number): Read<number> | undefined => {
  const week = reader.word(at, "unit");
  const starting = week?.value.unit === "week" ? reader.word(week.next, "starting") : undefined;
  const day = starting && reader.word(reader.skip(starting.next, "on"), "weekday");
  return day && { value: day.value.day, next: day.next };
};
