import { type RecurrenceRule, type WeekdayPart, weekdayCodes } from "./rule.ts";
import { printUntil } from "./until.ts";

const printWeekday = ({ weekday, ordinal }: WeekdayPart): string =>
  `${ordinal === 0 ? "" : ordinal}${weekdayCodes[weekday]}`;

/** The one spelling of a rule, without `RRULE:`; parsing it again beside the same anchor gives the same rule. */
export function canonical(rule: RecurrenceRule): string {
  const parts: [name: string, value: string | number | readonly (string | number)[] | null][] = [
    ["FREQ", rule.freq],
    ["INTERVAL", rule.interval === 1 ? null : rule.interval],
    ["BYMONTH", rule.byMonth],
    ["BYWEEKNO", rule.byWeekNo],
    ["BYYEARDAY", rule.byYearDay],
    ["BYMONTHDAY", rule.byMonthDay],
    ["BYDAY", rule.byDay.map(printWeekday)],
    ["BYHOUR", rule.byHour],
    ["BYMINUTE", rule.byMinute],
    ["BYSECOND", rule.bySecond],
    ["BYSETPOS", rule.bySetPos],
    ["WKST", rule.weekStart === 0 ? null : (weekdayCodes[rule.weekStart] as string)],
    ["COUNT", rule.count],
    ["UNTIL", rule.until === null ? null : printUntil(rule.until)],
  ];
  return parts
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(";");
}
