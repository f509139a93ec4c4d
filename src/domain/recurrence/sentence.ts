import { type Civil, isDateTime } from "../civil.ts";
import type { Frequency, RecurrenceRule, WeekdayPart } from "./rule.ts";
import { weekdayNames } from "./weekday-names.ts";

const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const units: Record<Frequency, string> = {
  HOURLY: "hour",
  DAILY: "day",
  WEEKLY: "week",
  MONTHLY: "month",
  YEARLY: "year",
};

/** The rule in English: "every month on the last day", "every 2 weeks on Monday and Friday, 10 times". */
export function sentence(rule: RecurrenceRule): string {
  const often = everyWeekday(rule) ?? `every ${everyUnit(rule)}${days(rule)}`;
  return `${often}${times(rule)}${choice(rule)}${weekStart(rule)}${limit(rule)}`;
}

function everyUnit({ freq, interval }: RecurrenceRule): string {
  return interval === 1 ? units[freq] : `${interval} ${units[freq]}s`;
}

function everyWeekday(rule: RecurrenceRule): string | undefined {
  const isPlain =
    rule.interval === 1 &&
    (rule.freq === "WEEKLY" || rule.freq === "DAILY") &&
    rule.byMonthDay.length + rule.byYearDay.length === 0;
  return isPlain && areWorkdays(rule.byDay) ? `every weekday${inMonths(rule)}` : undefined;
}

const areWorkdays = (days: readonly WeekdayPart[]): boolean =>
  days.length === 5 && days.every(({ weekday, ordinal }) => ordinal === 0 && weekday < 5);

/** Which days: the rule's months, weeks, days of the year, of the month and of the week, said together. */
function days(rule: RecurrenceRule): string {
  return (
    yearlyDate(rule) ??
    keptMonthDay(rule) ??
    chosenWeekday(rule) ??
    [inMonths(rule), inWeeks(rule), onYearDays(rule), onMonthDays(rule), onWeekdays(rule)].join("")
  );
}

/** "on March 15 and April 15", when a year's dates are just months and days. */
function yearlyDate(rule: RecurrenceRule): string | undefined {
  const { freq, byMonth, byMonthDay, byDay, byYearDay, byWeekNo } = rule;
  const isDate =
    freq === "YEARLY" &&
    byMonth.length > 0 &&
    byMonthDay.length > 0 &&
    byDay.length + byYearDay.length + byWeekNo.length === 0;
  if (!isDate || byMonthDay.some((day) => day < 0)) return undefined;
  const dates = byMonth.flatMap((month) => byMonthDay.map((day) => `${monthNames[month - 1]} ${day}`));
  return ` on ${listed(dates)}${dates.length === 1 && dates[0] === "February 29" ? ", in leap years" : ""}`;
}

/** A day from 29 to 31 that gives way in a shorter month, as the short form `monthly` writes it. */
function keptMonthDay(rule: RecurrenceRule): string | undefined {
  const latest = keptLatestDay(rule);
  if (latest === undefined) return undefined;
  const chosen = rule.bySetPos
    .filter((position) => position > 0)
    .map((position) => rule.byMonthDay[position - 1] as number);
  return `${inMonths(rule)} on the ${listed([...chosen, latest].map(ordinal))}, or on the last day of a shorter month`;
}

/**
 * 29, 30 or 31 when the rule's days end in an unbroken 28 … n and the last of them is chosen; undefined for other
 * rules.
 */
function keptLatestDay({ freq, byMonthDay, byDay, bySetPos }: RecurrenceRule): number | undefined {
  const latest = byMonthDay.at(-1) ?? 0;
  const tail = byMonthDay.filter((day) => day >= 28);
  const isTail = latest > 28 && tail.length === latest - 27 && byMonthDay.every((day) => day > 0);
  const early = byMonthDay.length - tail.length;
  const positionsKept =
    bySetPos.includes(-1) &&
    bySetPos.every((position) => position === -1 || (position > 0 && position < byMonthDay.length));
  const everyEarly = byMonthDay.slice(0, early).every((_, i) => bySetPos.includes(i + 1));
  return freq === "MONTHLY" && byDay.length === 0 && isTail && positionsKept && everyEarly ? latest : undefined;
}

/** "on the last weekday", "on the 2nd Monday": one position among weekdays of a month or year. */
function chosenWeekday(rule: RecurrenceRule): string | undefined {
  if (!choosesWeekdays(rule)) return undefined;
  const what = areWorkdays(rule.byDay)
    ? "weekday"
    : rule.byDay.length === 7
      ? "day"
      : listed(
          rule.byDay.map(({ weekday }) => weekdayNames[weekday] as string),
          "or",
        );
  return `${inMonths(rule)} on the ${listed(rule.bySetPos.map(ordinal))} ${what}`;
}

function choosesWeekdays({
  freq,
  byDay,
  byMonthDay,
  byYearDay,
  byWeekNo,
  bySetPos,
  byHour,
  byMinute,
  bySecond,
}: RecurrenceRule): boolean {
  const plainWeekdays = byDay.length > 0 && byDay.every((day) => day.ordinal === 0);
  const others = [byMonthDay, byYearDay, byWeekNo, byHour, byMinute, bySecond].some((list) => list.length > 0);
  return (freq === "MONTHLY" || freq === "YEARLY") && bySetPos.length > 0 && plainWeekdays && !others;
}

function inMonths({ byMonth }: RecurrenceRule): string {
  return byMonth.length === 0 ? "" : ` in ${listed(byMonth.map((month) => monthNames[month - 1] as string))}`;
}

function inWeeks({ byWeekNo }: RecurrenceRule): string {
  if (byWeekNo.length === 0) return "";
  const [first = 0] = byWeekNo;
  return byWeekNo.length === 1 && first > 0 ? ` in week ${first}` : ` in the ${listed(byWeekNo.map(ordinal))} week`;
}

function onYearDays({ byYearDay }: RecurrenceRule): string {
  return byYearDay.length === 0 ? "" : ` on the ${listed(byYearDay.map(ordinal))} day of the year`;
}

function onMonthDays({ byMonthDay }: RecurrenceRule): string {
  if (byMonthDay.length === 0) return "";
  return ` on the ${listed(byMonthDay.map((day) => (day > 0 ? ordinal(day) : `${ordinal(day)} day`)))}`;
}

function onWeekdays({ freq, byMonth, byMonthDay, byYearDay, byDay }: RecurrenceRule): string {
  if (byDay.length === 0) return "";
  const names = byDay.map(
    ({ weekday, ordinal: number }) => `${number === 0 ? "" : `the ${ordinal(number)} `}${weekdayNames[weekday]}`,
  );
  if (byMonthDay.length > 0 || byYearDay.length > 0) return ` when it is ${listed(names, "or")}`;
  const numberedInYear = freq === "YEARLY" && byMonth.length === 0 && byDay.some((day) => day.ordinal !== 0);
  return ` on ${listed(names)}${numberedInYear ? " of the year" : ""}`;
}

function times({ byHour, byMinute, bySecond }: RecurrenceRule): string {
  if (byHour.length > 0 && bySecond.length === 0 && byMinute.length > 0) {
    return ` at ${listed(byHour.flatMap((hour) => byMinute.map((minute) => `${padded(hour)}:${padded(minute)}`)))}`;
  }
  const hours =
    byHour.length === 0 ? "" : ` in the ${byHour.length === 1 ? "hour" : "hours"} ${listed(byHour.map(String))}`;
  const minutes = byMinute.length === 0 ? "" : ` at minute ${listed(byMinute.map(String))}`;
  const seconds = bySecond.length === 0 ? "" : ` at second ${listed(bySecond.map(String))}`;
  return `${hours}${minutes}${seconds}`;
}

function choice(rule: RecurrenceRule): string {
  if (rule.bySetPos.length === 0 || choosesWeekdays(rule) || keptLatestDay(rule) !== undefined) return "";
  return `, only the ${listed(rule.bySetPos.map(ordinal))} of each ${units[rule.freq]}`;
}

/** WKST matters where weeks are skipped or numbered. */
function weekStart({ freq, interval, byWeekNo, weekStart: day }: RecurrenceRule): string {
  const matters = day !== 0 && ((freq === "WEEKLY" && interval > 1) || byWeekNo.length > 0);
  return matters ? `, weeks starting on ${weekdayNames[day]}` : "";
}

function limit({ count, until }: RecurrenceRule): string {
  if (count !== null) return count === 1 ? ", once" : `, ${count} times`;
  return until === null ? "" : `, until ${printed(until)}`;
}

function printed(civil: Civil): string {
  const date = `${monthNames[civil.month - 1]} ${civil.day}, ${civil.year}`;
  const endsTheDay = isDateTime(civil) && civil.hour === 23 && civil.minute === 59;
  return isDateTime(civil) && !endsTheDay ? `${date} at ${padded(civil.hour)}:${padded(civil.minute)}` : date;
}

/** 1 → "1st", -1 → "last", -2 → "2nd to last". */
function ordinal(number: number): string {
  if (number === -1) return "last";
  if (number < 0) return `${ordinal(-number)} to last`;
  const teen = number % 100 > 10 && number % 100 < 14;
  const suffix = teen ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${suffix}`;
}

const padded = (value: number): string => String(value).padStart(2, "0");

function listed(items: readonly string[], conjunction = "and"): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${conjunction} ${items.at(-1)}`;
}
