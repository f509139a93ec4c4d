import { addDays, type CivilDate, compareCivil } from "../civil.ts";
import {
  addUnits,
  type CalendarContext,
  comingWeekday,
  endOfUnit,
  isDate,
  nthWeekday,
  startOfUnit,
  weekdayOfWeek,
  yearOf,
} from "./calendar.ts";
import { readAmount, readDayOfMonth, readOrdinal, readOrdinalDigits, readYear } from "./numbers.ts";
import { firstOf, type Read, type Reader } from "./reader.ts";
import type { Unit } from "./words.ts";

export interface DateContext extends CalendarContext {
  /** `15/1` is the fifteenth of January. */
  readonly isDayFirst: boolean;
}

/** A date that was read; or why what looks like one is none. */
export interface FoundDate {
  readonly date: CivilDate | null;
  readonly problem?: string;
  /** It counts only at the end of a text, or behind a preposition: `friday`, `march`, `15th`. */
  readonly isLone: boolean;
}

type ReadDate = (reader: Reader, at: number, context: DateContext) => Read<FoundDate> | undefined;

const sure = (date: CivilDate | undefined, next: number): Read<FoundDate> | undefined =>
  date && { value: { date, isLone: false }, next };
const lone = (date: CivilDate, next: number): Read<FoundDate> => ({ value: { date, isLone: true }, next });

/** A date where it stands, with the preposition before it. */
export const readDate: ReadDate = (reader, at, context) => {
  const start = reader.skip(at, "by", "on");
  if (start > at) {
    const read = readBareDate(reader, reader.skip(start, "article"), context);
    if (read !== undefined) return { ...read, value: { ...read.value, isLone: false } };
  }
  const behindFor = reader.word(at, "for");
  const meant = behindFor && readBareDate(reader, reader.skip(behindFor.next, "article"), context);
  if (meant !== undefined && !isMonthAlone(reader, behindFor?.next ?? at, meant.next))
    return { ...meant, value: { ...meant.value, isLone: false } };
  const behindIn = reader.word(at, "in");
  const month = behindIn && readMonth(reader, behindIn.next, context);
  if (month !== undefined) return { ...month, value: { ...month.value, isLone: false } };
  return readBareDate(reader, at, context);
};

const isMonthAlone = (reader: Reader, at: number, next: number): boolean => reader.word(at, "month")?.next === next;

/** Without a preposition. */
export const readBareDate: ReadDate = (reader, at, context) =>
  firstOf(
    () => readIsoDate(reader, at),
    () => readNumericDate(reader, at, context),
    () => readNthWeekday(reader, at, context),
    () => readDayAndMonth(reader, at, context),
    () => readEndOf(reader, at, context),
    () => readDistance(reader, at, context),
    () => readDay(reader, at, context),
    () => readWeekday(reader, at, context),
    () => readNextUnit(reader, at, context),
    () => readMonth(reader, at, context),
    () => readOrdinalDay(reader, at, context),
  );

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;

const readIsoDate = (reader: Reader, at: number): Read<FoundDate> | undefined => {
  const [, year, month, day] = (reader.match(at, ISO) ?? []).map(Number);
  return year === undefined || month === undefined || day === undefined
    ? undefined
    : checked({ year, month, day }, false, at + 1);
};

const NUMERIC = /^(\d{1,2})([/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?$/;

const readNumericDate: ReadDate = (reader, at, { today, isDayFirst }) => {
  const [, one, separator, two, written] = reader.match(at, NUMERIC) ?? [];
  if (one === undefined || two === undefined) return undefined;
  const isDotted = separator === ".";
  if (isDotted && !reader.language.hasDottedDates && written === undefined) return undefined;
  const [first, second] = [Number(one), Number(two)];
  const [day, month] = ((isDayFirst || isDotted) && second <= 12) || first > 12 ? [first, second] : [second, first];
  const year = written === undefined ? yearOf(month, day, today) : Number(written) + (written.length === 2 ? 2000 : 0);
  const next = isDotted && reader.sign(at + 1, ".") ? at + 2 : at + 1;
  return checked({ year, month, day }, written === undefined, next);
};

const checked = (date: CivilDate, isLone: boolean, next: number): Read<FoundDate> => ({
  value: isDate(date) ? { date, isLone } : { date: null, problem: "the calendar has no such day", isLone },
  next,
});

/** `15 jan`, `15th of january 2027`, `jan 15`, `sat 14 march`. */
const readDayAndMonth: ReadDate = (reader, at, context) => {
  const weekday = reader.word(at, "weekday");
  const start = weekday === undefined ? at : reader.skip(pastComma(reader, weekday.next), "article");
  return firstOf(
    () => {
      const day = readDayOfMonth(reader, start);
      const month = day && reader.word(reader.skip(day.next, "of"), "month");
      return day && month && dayOfYear(reader, month.value.month, day.value, month.next, context);
    },
    () => {
      const month = reader.word(start, "month");
      const day = month && readDayOfMonth(reader, reader.skip(month.next, "article"));
      return month && day && dayOfYear(reader, month.value.month, day.value, day.next, context);
    },
  );
};

const pastComma = (reader: Reader, at: number): number => (reader.sign(at, ",") ? at + 1 : at);

const dayOfYear = (reader: Reader, month: number, day: number, next: number, { today }: DateContext) => {
  const year = readYear(reader, reader.skip(next, "of"));
  return year === undefined
    ? checked({ year: nextYearWith(month, day, today), month, day }, false, next)
    : checked({ year: year.value, month, day }, false, year.next);
};

/** For 29 February the next leap year. */
const nextYearWith = (month: number, day: number, today: CivilDate): number => {
  const year = yearOf(month, day, today);
  const leap =
    month === 2 && day === 29 ? [0, 1, 2, 3, 4, 5, 6, 7].find((more) => isDate({ year: year + more, month, day })) : 0;
  return year + (leap ?? 0);
};

/** `first monday of january`, `last day of the month`, `last friday of next month`. */
const readNthWeekday: ReadDate = (reader, at, context) => {
  const nth = readOrdinal(reader, at);
  const what = nth && readWhat(reader, nth.next);
  const of =
    what &&
    firstOf(
      () => reader.word(what.next, "of"),
      () => reader.word(what.next, "in"),
    );
  const month = of && readMonthOf(reader, of.next, context);
  if (nth === undefined || what === undefined || month === undefined) return undefined;
  const { weekday } = what.value;
  const find = (year: number, inMonth: number): CivilDate | undefined => {
    if (weekday !== null) return nthWeekday(nth.value, weekday, year, inMonth);
    const first = { year, month: inMonth, day: 1 };
    return nth.value > 0 ? addDays(first, nth.value - 1) : addDays(addUnits(first, 1, "month"), nth.value);
  };
  const { year, month: number, isFixed } = month.value;
  const found = find(year, number);
  const isPast = found !== undefined && compareCivil(found, context.today) < 0;
  return sure(isPast && !isFixed ? find(year + 1, number) : found, month.next);
};

const readWhat = (reader: Reader, at: number): Read<{ weekday: number | null }> | undefined => {
  const weekday = reader.word(at, "weekday");
  if (weekday !== undefined) return { value: { weekday: weekday.value.day }, next: weekday.next };
  const unit = reader.word(at, "unit");
  return unit?.value.unit === "day" ? { value: { weekday: null }, next: unit.next } : undefined;
};

interface MonthOf {
  readonly year: number;
  readonly month: number;
  /** The year was said, so that a date of it may be past. */
  readonly isFixed: boolean;
}

/** `january`, `january 2027`, `the month`, `next month`. */
const readMonthOf = (reader: Reader, at: number, context: DateContext): Read<MonthOf> | undefined => {
  const { today } = context;
  const name = reader.word(at, "month");
  if (name !== undefined) {
    const { month } = name.value;
    const year = readYear(reader, name.next);
    return year === undefined
      ? { value: { year: month < today.month ? today.year + 1 : today.year, month, isFixed: false }, next: name.next }
      : { value: { year: year.value, month, isFixed: true }, next: year.next };
  }
  const near = readNear(reader, at);
  if (near === undefined || near.value.unit !== "month") return undefined;
  return { value: { ...startOfUnit("month", near.value.ahead, context), isFixed: true }, next: near.next };
};

/** `the month`, `this month`, `next month`: the unit, and how far it is ahead. */
const readNear = (reader: Reader, at: number): Read<{ unit: Unit; ahead: number }> | undefined => {
  const start = reader.skip(at, "article");
  const before = reader.word(start, "next");
  const unit = reader.word(before?.next ?? reader.skip(start, "this"), "unit");
  if (unit === undefined || unit.value.of !== undefined) return undefined;
  const after = before === undefined ? reader.word(unit.next, "next") : undefined;
  const ahead = before === undefined && after === undefined ? 0 : 1;
  return { value: { unit: unit.value.unit, ahead }, next: after?.next ?? unit.next };
};

/** `end of month`, `end of next week`, `eom`, `end of january`. */
const readEndOf: ReadDate = (reader, at, context) => {
  const short = reader.word(at, "last-day");
  if (short !== undefined) return sure(endOfUnit(short.value.unit, 0, context), short.next);
  const end = reader.word(reader.skip(at, "article"), "end-of");
  if (end === undefined) return undefined;
  const near = readNear(reader, end.next);
  if (near !== undefined) return sure(endOfUnit(near.value.unit, near.value.ahead, context), near.next);
  const month = readMonthOf(reader, end.next, context);
  return month && sure(addDays(addUnits({ ...month.value, day: 1 }, 1, "month"), -1), month.next);
};

/** `in 3 days`, `in a fortnight`, `2 weeks from now`; hours and minutes are times. */
const readDistance: ReadDate = (reader, at, { today }) => {
  const within = reader.word(at, "in");
  const distance = readSpan(reader, within?.next ?? at);
  if (distance === undefined) return undefined;
  const fromNow = reader.word(distance.next, "from-now");
  if (within === undefined && fromNow === undefined) return undefined;
  const { amount, unit } = distance.value;
  if (unit === "minute" || unit === "hour" || amount > MAX_DISTANCE) return undefined;
  return sure(addUnits(today, amount, unit), fromNow?.next ?? distance.next);
};

const MAX_DISTANCE = 5_000;

/** `3 days`, `a fortnight`, `3d`, `half an hour`: how many of which unit. */
export const readSpan = (reader: Reader, at: number): Read<{ amount: number; unit: Unit }> | undefined => {
  const amount = readAmount(reader, at);
  const unit = reader.word(amount?.next ?? at, "unit");
  if (unit !== undefined && (amount !== undefined || (unit.value.of ?? 1) > 1))
    return { value: { amount: (amount?.value ?? 1) * (unit.value.of ?? 1), unit: unit.value.unit }, next: unit.next };
  const [, digits, letters] = reader.match(at, /^(\d{1,4})(\p{L}+)$/u) ?? [];
  const short =
    letters === undefined ? undefined : reader.language.words.get(letters)?.find(({ rest }) => rest.length === 0);
  const meaning = short?.meanings.find((word) => word.is === "unit");
  return meaning && { value: { amount: Number(digits) * (meaning.of ?? 1), unit: meaning.unit }, next: at + 1 };
};

const readDay: ReadDate = (reader, at, { today }) => {
  const day = reader.word(at, "day");
  if (day === undefined) return undefined;
  const date = addDays(today, day.value.offset);
  return day.value.lone ? lone(date, day.next) : sure(date, day.next);
};

/** `next fri`, `this friday`, `fri in 2 weeks`, `monday next week`, `this weekend`, `friday`. */
const readWeekday: ReadDate = (reader, at, context) => {
  const next = reader.word(at, "next");
  const within = reader.word(at, "this");
  const start = next?.next ?? within?.next ?? at;
  const weekend = (next ?? within) ? reader.word(start, "weekdays") : undefined;
  if (weekend !== undefined)
    return sure(ofWeek(weekend.value.days[0] ?? 0, next === undefined ? 0 : 1, context), weekend.next);
  const weekday = reader.word(start, "weekday");
  if (weekday === undefined) return undefined;
  const { day } = weekday.value;
  const after = next === undefined && within === undefined ? readWeekBehind(reader, weekday.next) : undefined;
  if (after !== undefined) return sure(after.value.weeksFrom(day, context), after.next);
  if (next !== undefined) return sure(weekdayOfWeek(day, 1, context), weekday.next);
  const coming = comingWeekday(day, context.today);
  return within === undefined ? lone(coming, weekday.next) : sure(coming, weekday.next);
};

/** A day of this week that is over already is today at the earliest. */
const ofWeek = (day: number, weeks: number, context: DateContext): CivilDate => {
  const date = weekdayOfWeek(day, weeks, { ...context, weekStart: 0 });
  return compareCivil(date, context.today) < 0 ? context.today : date;
};

interface WeekBehind {
  weeksFrom(day: number, context: DateContext): CivilDate;
}

/** What can stand behind a weekday: `in 2 weeks`, `next week`, or `next` in languages that say it there. */
const readWeekBehind = (reader: Reader, at: number): Read<WeekBehind> | undefined => {
  const near = readNear(reader, at);
  if (near !== undefined && near.value.unit === "week" && near.value.ahead === 1)
    return { value: { weeksFrom: (day, context) => weekdayOfWeek(day, 1, context) }, next: near.next };
  const next = reader.word(at, "next");
  if (next !== undefined)
    return { value: { weeksFrom: (day, context) => weekdayOfWeek(day, 1, context) }, next: next.next };
  const within = reader.word(at, "in");
  const span = within && readSpan(reader, within.next);
  if (span === undefined || span.value.unit !== "week") return undefined;
  const { amount } = span.value;
  return {
    value: { weeksFrom: (day, context) => weekdayOfWeek(day, amount, context) },
    next: span.next,
  };
};

/** `next week`: its first day. */
const readNextUnit: ReadDate = (reader, at, context) => {
  const near = readNear(reader, at);
  if (near === undefined || near.value.ahead === 0) return undefined;
  const { unit } = near.value;
  return unit === "minute" || unit === "hour" || unit === "day"
    ? undefined
    : sure(startOfUnit(unit, 1, context), near.next);
};

/** `january`: its first day. */
const readMonth: ReadDate = (reader, at, { today }) => {
  const name = reader.word(at, "month");
  if (name === undefined) return undefined;
  const { month } = name.value;
  const year = readYear(reader, name.next);
  if (year !== undefined) return sure({ year: year.value, month, day: 1 }, year.next);
  return lone({ year: yearOf(month, 1, today), month, day: 1 }, name.next);
};

/** `15th`, `the 15th of next month`. */
const readOrdinalDay: ReadDate = (reader, at, context) => {
  const day = readOrdinalDigits(reader, reader.skip(at, "article"));
  if (day === undefined) return undefined;
  const of = reader.word(day.next, "of");
  const month = of && readMonthOf(reader, of.next, context);
  if (month !== undefined) return checked({ ...month.value, day: day.value }, false, month.next);
  const { today } = context;
  const start = day.value >= today.day ? today : addUnits({ ...today, day: 1 }, 1, "month");
  const months = [0, 1, 2].map((more) => addUnits({ ...start, day: 1 }, more, "month"));
  const found = months.map((first) => ({ ...first, day: day.value })).find(isDate);
  return found === undefined
    ? { value: { date: null, problem: "no month has such a day", isLone: true }, next: day.next }
    : lone(found, day.next);
};
