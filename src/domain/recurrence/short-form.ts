import { type Civil, dayOfWeek, daysFromCivil } from "../civil.ts";
import { RecurrenceError } from "./recurrence-error.ts";
import { type Frequency, inOrder, plainRule, type RecurrenceRule } from "./rule.ts";
import { weekdayNumber } from "./weekday-names.ts";

type ShortForm = (parameter: string, anchor: Civil) => RecurrenceRule;

const shortForms = new Map<string, ShortForm>([
  ["daily", (parameter) => (refuseParameter("daily", parameter), plainRule("DAILY"))],
  ["weekly", (parameter, anchor) => weekly(parameter, anchor, 1)],
  ["monthly", (parameter, anchor) => monthly(parameter, anchor, 1)],
  ["yearly", (parameter, anchor) => (refuseParameter("yearly", parameter), yearly(anchor, 1))],
  ["custom", custom],
]);

/**
 * The rule of a short form: `daily`, `weekly:MON,WED`, `monthly:1,15`, `monthly:last`, `yearly`, `custom:3d`.
 * Undefined when the text is none of them.
 * @throws RecurrenceError for a short form with a wrong parameter
 */
export function parseShortForm(text: string, anchor: Civil): RecurrenceRule | undefined {
  const [name = "", ...parameters] = text.split(":");
  return shortForms.get(name.trim().toLowerCase())?.(parameters.join(":").trim(), anchor);
}

function refuseParameter(form: string, parameter: string): void {
  if (parameter !== "") throw new RecurrenceError("bad_pattern", parameter, `"${form}" takes nothing after the colon`);
}

function weekly(parameter: string, anchor: Civil, interval: number): RecurrenceRule {
  const weekdays = parameter === "" ? [weekdayOf(anchor)] : parameter.split(",").map(readWeekday);
  return plainRule("WEEKLY", { interval, byDay: inOrder(weekdays).map((weekday) => ({ weekday, ordinal: 0 })) });
}

const weekdayOf = ({ year, month, day }: Civil): number => dayOfWeek(daysFromCivil(year, month, day));

function readWeekday(name: string): number {
  const number = weekdayNumber(name.trim());
  if (number === undefined)
    throw new RecurrenceError("bad_pattern", name, `"${name}" is no weekday; write MON or Monday`);
  return number;
}

function monthly(parameter: string, anchor: Civil, interval: number): RecurrenceRule {
  const days = parameter === "" ? [anchor.day] : parameter.split(",").map(readMonthDay);
  return plainRule("MONTHLY", { interval, ...monthDays(inOrder(days)) });
}

const lastDay = -1;

function readMonthDay(text: string): number {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === "last") return lastDay;
  const day = Number(trimmed);
  if (!/^\d{1,2}$/.test(trimmed) || day < 1 || day > 31) {
    throw new RecurrenceError("bad_pattern", text, `"${text}" is no day of a month; write 1 to 31, or last`);
  }
  return day;
}

/**
 * Days 29 to 31 fall on the last day of a month that is too short, and keep their place in the others. An RRULE says so
 * by choosing positions from the set of the asked-for days and 28 to the latest one: that one is always the set's last.
 */
export function monthDays(days: number[]): Pick<RecurrenceRule, "byMonthDay" | "bySetPos"> {
  if (days.every((day) => day <= 28)) return { byMonthDay: days, bySetPos: [] };
  const wanted = inOrder(days.map((day) => (day === lastDay ? 31 : day)));
  const latest = wanted.at(-1) as number;
  const early = wanted.filter((day) => day < 28);
  const byMonthDay = [...early, ...Array.from({ length: latest - 27 }, (_, i) => 28 + i)];
  const positions = wanted.filter((day) => day !== latest).map((day) => byMonthDay.indexOf(day) + 1);
  return { byMonthDay, bySetPos: inOrder([...positions, -1]) };
}

function yearly(anchor: Civil, interval: number): RecurrenceRule {
  return plainRule("YEARLY", { interval, byMonth: [anchor.month], byMonthDay: [anchor.day] });
}

const longestInterval = 1000;

function custom(parameter: string, anchor: Civil): RecurrenceRule {
  const match = /^(\d{1,6})\s*([dwmy])$/i.exec(parameter);
  const interval = Number(match?.[1]);
  if (match === null || interval < 1 || interval > longestInterval) {
    throw new RecurrenceError(
      "bad_pattern",
      parameter,
      `"${parameter}" is no interval; write 1 to ${longestInterval} and d, w, m or y, as in custom:3d`,
    );
  }
  return everyUnits[match[2]?.toLowerCase() as keyof typeof everyUnits](interval, anchor);
}

const everyUnits = {
  d: (interval: number) => plainRule("DAILY" satisfies Frequency, { interval }),
  w: (interval: number, anchor: Civil) => weekly("", anchor, interval),
  m: (interval: number, anchor: Civil) => monthly("", anchor, interval),
  y: (interval: number, anchor: Civil) => yearly(anchor, interval),
};
