import { daysBetween } from "./calendar.ts";
import { dayOf, isOverdue, timeOf, type CivilDay, type Clock } from "./due-date.ts";

/** The few words a due date needs; dates themselves come from the language's own calendar. */
export interface DueVocabulary {
  readonly locale: string;
  readonly today: string;
  readonly tomorrow: string;
  readonly yesterday: string;
}

export type DueTone = "overdue" | "today" | "soon" | "later";

export interface DueWords {
  readonly text: string;
  readonly tone: DueTone;
}

/**
 * A due date as a row shows it: words before digits, with the time where there is one.
 * A day that stands in the heading above (`impliedDay`) is not said again: the text may be empty.
 */
export const dueWords = (
  due: string,
  clock: Clock,
  vocabulary: DueVocabulary,
  impliedDay: CivilDay | null = null,
): DueWords => {
  const day = dayOf(due, clock.zone);
  const words = day === impliedDay ? null : dayWords(day, clock.day, vocabulary);
  const text = [words, timeOf(due, clock.zone)].filter((part) => part !== null).join(" ");
  return { text, tone: toneOf(due, day, clock) };
};

const toneOf = (due: string, day: CivilDay, clock: Clock): DueTone => {
  if (isOverdue(due, clock)) return "overdue";
  if (day === clock.day) return "today";
  return daysBetween(clock.day, day) <= 7 ? "soon" : "later";
};

/** "Today", "Fri" within the next six days, "12 Mar", and the year when it is another. */
export const dayWords = (day: CivilDay, today: CivilDay, { locale, ...words }: DueVocabulary): string => {
  const distance = daysBetween(today, day);
  if (distance === 0) return words.today;
  if (distance === 1) return words.tomorrow;
  if (distance === -1) return words.yesterday;
  if (distance > 1 && distance < 7) return formatDay(day, locale, { weekday: "short" });
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  return formatDay(day, locale, { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) });
};

/** The heading of a day in a list: "Tomorrow · Monday 23 November", "Yesterday · Saturday 21 November". */
export const dayHeading = (day: CivilDay, today: CivilDay, { locale, ...words }: DueVocabulary): string => {
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  const date = formatDay(day, locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
  const word = [words.yesterday, words.today, words.tomorrow][daysBetween(today, day) + 1];
  return word === undefined ? date : `${word} · ${date}`;
};

/**
 * A date that is not told from today: "Mon 15 Mar", with the year when it is another, and the time where there is one.
 */
export const plainDate = (date: string, { zone, day: today }: Clock, locale: string): string => {
  const day = dayOf(date, zone);
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  const words = formatDay(day, locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
  return [words, timeOf(date, zone)].filter((part) => part !== null).join(" ");
};

/** A sentence of the API with its dates (`2026-03-02 09:00`) as the screen writes them elsewhere. */
export const withPlainDates = (sentence: string, clock: Clock, locale: string): string =>
  sentence.replaceAll(/\b\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}\b)?/g, (date) =>
    plainDate(date.replace(" ", "T"), clock, locale),
  );

const formats = new Map<string, Intl.DateTimeFormat>();

/** A format is costly to make, and a month of days asks for the same one 42 times. */
const formatOf = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
};

export const formatDay = (day: CivilDay, locale: string, options: Intl.DateTimeFormatOptions): string =>
  formatOf(locale, { ...options, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** An instant as the user's zone writes it: "1 Mar, 09:00". */
export const formatInstant = (instant: string, zone: string, locale: string): string =>
  formatOf(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(new Date(instant));
