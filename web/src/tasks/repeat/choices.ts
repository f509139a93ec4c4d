import { weekdayOf } from "../../time/calendar.ts";
import type { CivilDay } from "../../time/due-date.ts";

/**
 * What the repeat editor offers, and the pattern it writes for it: an RRULE (RFC 5545). Every date of a pattern is the
 * server's work.
 */

export const units = ["day", "week", "month", "year"] as const;
export type Unit = (typeof units)[number];

/** As RFC 5545 writes them, from Monday. */
export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];

const ordinals = [1, 2, 3, 4, -1] as const;
export type Ordinal = (typeof ordinals)[number];

/** Which day of a month. The 29th to the 31st give way to the last day of a shorter month. */
export type MonthDay =
  | { readonly by: "day"; readonly day: number }
  | { readonly by: "last-day" }
  | { readonly by: "weekday"; readonly ordinal: Ordinal; readonly weekday: Weekday };

export interface Choices {
  readonly unit: Unit;
  /** Every so many units. */
  readonly every: number;
  /** For weeks: at least one. */
  readonly weekdays: readonly Weekday[];
  /** For weeks of which some are left out: the day that tells one week from the next. */
  readonly weekStart: Weekday;
  /** For months. */
  readonly monthDay: MonthDay;
  /** For years. */
  readonly yearDay: { readonly month: number; readonly day: number };
}

/** What a day suggests: its weekday, its day of the month, its day of the year. */
export const choicesFor = (day: CivilDay, weekStart: Weekday = "MO"): Choices => ({
  unit: "week",
  every: 1,
  weekdays: [weekdayCode(day)],
  weekStart,
  monthDay: { by: "day", day: dayNumber(day) },
  yearDay: { month: Number(day.slice(5, 7)), day: dayNumber(day) },
});

export const weekdayCode = (day: CivilDay): Weekday => weekdays[(weekdayOf(day) + 6) % 7] ?? "MO";

/** Which of its weekday a day is in its month: the first to the fourth, or the last. */
export const ordinalOf = (day: CivilDay): Ordinal => ordinals[Math.floor((dayNumber(day) - 1) / 7)] ?? -1;

const dayNumber = (day: CivilDay): number => Number(day.slice(8, 10));

const frequencies: Record<Unit, string> = { day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY" };

/** The pattern of what was chosen: `RRULE:FREQ=WEEKLY;BYDAY=MO,WE`. */
export const patternOf = (choices: Choices): string =>
  `RRULE:${Object.entries(partsOf(choices))
    .map(([name, value]) => `${name}=${value}`)
    .join(";")}`;

type Parts = Readonly<Record<string, string>>;

const partsOf = (choices: Choices): Parts => ({
  FREQ: frequencies[choices.unit],
  ...(choices.every === 1 ? {} : { INTERVAL: String(choices.every) }),
  ...dayParts(choices),
  ...(choices.unit === "week" && choices.every > 1 && choices.weekStart !== "MO" ? { WKST: choices.weekStart } : {}),
});

const dayParts = ({ unit, weekdays: chosen, monthDay, yearDay }: Choices): Parts => {
  switch (unit) {
    case "day":
      return {};
    case "week":
      return { BYDAY: weekdays.filter((weekday) => chosen.includes(weekday)).join(",") };
    case "month":
      return monthParts(monthDay);
    case "year":
      return { BYMONTH: String(yearDay.month), BYMONTHDAY: String(yearDay.day) };
  }
};

const monthParts = (chosen: MonthDay): Parts => {
  if (chosen.by === "last-day") return { BYMONTHDAY: "-1" };
  if (chosen.by === "weekday") return { BYDAY: `${chosen.ordinal}${chosen.weekday}` };
  if (chosen.day <= 28) return { BYMONTHDAY: String(chosen.day) };
  const days = Array.from({ length: chosen.day - 27 }, (_, index) => 28 + index);
  return { BYMONTHDAY: days.join(","), BYSETPOS: "-1" };
};

/**
 * Reads a rule back into choices; null for one that the editor has no choices for. `day` suggests what the rule leaves
 * open.
 */
export const readChoices = (rule: string, day: CivilDay, weekStart: Weekday = "MO"): Choices | null => {
  const parts = readParts(rule);
  const choices = guess(parts, choicesFor(day, weekStart));
  // A guess that does not write the same rule has lost something of it.
  return choices !== null && isSame(partsOf(choices), parts) ? choices : null;
};

/** Parts that say what goes without saying are left out. */
const readParts = (rule: string): Parts =>
  Object.fromEntries(
    rule
      .replace(/^RRULE:/i, "")
      .split(";")
      .filter((part) => part !== "INTERVAL=1" && part !== "WKST=MO")
      .map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]),
  );

const guess = (parts: Parts, usual: Choices): Choices | null => {
  const unit = units.find((each) => frequencies[each] === parts.FREQ);
  if (unit === undefined) return null;
  const every = Number(parts.INTERVAL ?? 1);
  return {
    unit,
    every,
    weekdays:
      unit === "week" ? weekdays.filter((weekday) => parts.BYDAY?.split(",").includes(weekday)) : usual.weekdays,
    weekStart: every === 1 ? usual.weekStart : (weekdays.find((each) => each === parts.WKST) ?? "MO"),
    monthDay: unit === "month" ? (readMonthDay(parts) ?? usual.monthDay) : usual.monthDay,
    yearDay: unit === "year" ? { month: Number(parts.BYMONTH), day: Number(parts.BYMONTHDAY) } : usual.yearDay,
  };
};

const readMonthDay = ({ BYDAY, BYMONTHDAY }: Parts): MonthDay | null => {
  if (BYMONTHDAY === "-1") return { by: "last-day" };
  if (BYMONTHDAY !== undefined) return { by: "day", day: Number(BYMONTHDAY.split(",").at(-1)) };
  const ordinal = ordinals.find((each) => String(each) === BYDAY?.slice(0, -2));
  const weekday = weekdays.find((each) => each === BYDAY?.slice(-2));
  return ordinal === undefined || weekday === undefined ? null : { by: "weekday", ordinal, weekday };
};

const isSame = (one: Parts, other: Parts): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);
