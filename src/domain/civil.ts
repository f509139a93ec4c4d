/**
 * Civil (wall-clock) dates and times in the proleptic Gregorian calendar, years 1 to 9999, without a zone.
 *
 * Two numbers stand for a civil value where arithmetic is done: *civil days* (0 = 1970-01-01) and *civil milliseconds*
 * (0 = 1970-01-01T00:00, as if the wall clock ran in UTC).
 */

export interface CivilDate {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
}

export interface CivilDateTime extends CivilDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

/** A date (all day) or a wall-clock time. */
export type Civil = CivilDate | CivilDateTime;

export const msPerDay = 86_400_000;
const daysPerEra = 146_097;
const daysFromYearZeroToEpoch = 719_468;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const isDateTime = (civil: Civil): civil is CivilDateTime => "hour" in civil;

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] as number);
}

/** Civil days of a date. The year is counted from March, so that the leap day is its last. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysPerEra + dayOfEra - daysFromYearZeroToEpoch;
}

/** The date of civil days; the inverse of `daysFromCivil`. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + daysFromYearZeroToEpoch;
  const era = Math.floor(shifted / daysPerEra);
  const dayOfEra = shifted - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** Day of the week of civil days: 0 = Monday … 6 = Sunday. */
export function dayOfWeek(days: number): number {
  return (((days + 3) % 7) + 7) % 7;
}

export function addDays(date: CivilDate, days: number): CivilDate {
  return civilFromDays(daysFromCivil(date.year, date.month, date.day) + days);
}

/** The date of a civil value, its time dropped. */
export function dateOf({ year, month, day }: Civil): CivilDate {
  return { year, month, day };
}

/** Civil milliseconds; a date counts as its midnight. */
export function civilToMs(civil: Civil): number {
  const midnight = daysFromCivil(civil.year, civil.month, civil.day) * msPerDay;
  if (!isDateTime(civil)) return midnight;
  return midnight + ((civil.hour * 60 + civil.minute) * 60 + civil.second) * 1000 + civil.ms;
}

/** The wall-clock time of civil milliseconds; the inverse of `civilToMs`. */
export function civilFromMs(civilMs: number): CivilDateTime {
  const days = Math.floor(civilMs / msPerDay);
  const time = civilMs - days * msPerDay;
  const { year, month, day } = civilFromDays(days);
  return {
    year,
    month,
    day,
    hour: Math.floor(time / 3_600_000),
    minute: Math.floor(time / 60_000) % 60,
    second: Math.floor(time / 1000) % 60,
    ms: time % 1000,
  };
}

/** Negative, zero or positive as `a` is before, at or after `b`. */
export function compareCivil(a: Civil, b: Civil): number {
  return civilToMs(a) - civilToMs(b);
}

const civilText = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/**
 * Reads `2026-03-01`, `2026-03-01T09:00`, `…:30` or `…:30.250`; undefined for anything else, and for a day the calendar
 * has not.
 */
export function parseCivil(text: string): Civil | undefined {
  const match = civilText.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (match[4] === undefined) return { year, month, day };
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return { year, month, day, hour, minute, second, ms: Number((match[7] ?? "").padEnd(3, "0")) };
}

/** Reads `2026-03-01`; undefined for anything else. */
export function parseCivilDate(text: string): CivilDate | undefined {
  const civil = parseCivil(text);
  return civil === undefined || isDateTime(civil) ? undefined : civil;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** `2026-03-01`, or `2026-03-01T09:00` with seconds and milliseconds only where they are not zero. */
export function formatCivil(civil: Civil): string {
  const date = `${pad(civil.year, 4)}-${pad(civil.month)}-${pad(civil.day)}`;
  if (!isDateTime(civil)) return date;
  const seconds = civil.second === 0 && civil.ms === 0 ? "" : `:${pad(civil.second)}`;
  const ms = civil.ms === 0 ? "" : `.${pad(civil.ms, 3)}`;
  return `${date}T${pad(civil.hour)}:${pad(civil.minute)}${seconds}${ms}`;
}
