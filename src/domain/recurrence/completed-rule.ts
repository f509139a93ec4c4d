import { type Civil, dayOfWeek, daysFromCivil, daysInMonth, isDateTime } from "../civil.ts";
import { RecurrenceError } from "./recurrence-error.ts";
import { type RecurrenceRule, weekdayCodes } from "./rule.ts";
import type { WrittenRule } from "./rrule-text.ts";
import { untilBesideAnchor } from "./until.ts";

/**
 * A written rule, checked against RFC 5545's table of allowed parts and filled in from its anchor (§3.3.10: the day and
 * month a rule does not name are DTSTART's). An all-day anchor has no time, so BYHOUR, BYMINUTE and BYSECOND are
 * ignored beside it.
 * @throws RecurrenceError
 */
export function completeRule(written: WrittenRule, anchor: Civil, zone: string): RecurrenceRule {
  const usable = isDateTime(anchor) ? written : withoutTimes(written);
  refuseForbidden(usable);
  refuseImpossible(usable);
  const until = usable.until === null ? null : untilBesideAnchor(usable.until, anchor, zone);
  return { ...usable, until, ...anchorParts(usable, anchor) };
}

function withoutTimes(written: WrittenRule): WrittenRule {
  if (written.freq === "HOURLY")
    throw new RecurrenceError(
      "not_allowed",
      "FREQ=HOURLY",
      "an all-day due date cannot repeat by the hour; give it a time",
    );
  return { ...written, byHour: [], byMinute: [], bySecond: [] };
}

const mostTimesADay = 1440;

function refuseForbidden(rule: WrittenRule): void {
  const forbid = (when: boolean, part: string, message: string): void => {
    if (when) throw new RecurrenceError("not_allowed", part, message);
  };
  const { freq } = rule;
  const ordinals = rule.byDay.some(({ ordinal }) => ordinal !== 0);
  const times = [rule.byHour, rule.byMinute, rule.bySecond].reduce(
    (product, list) => product * Math.max(list.length, 1),
    1,
  );
  forbid(rule.count !== null && rule.until !== null, "COUNT", "a rule has COUNT or UNTIL, not both");
  forbid(rule.byWeekNo.length > 0 && freq !== "YEARLY", "BYWEEKNO", `BYWEEKNO goes with FREQ=YEARLY, not ${freq}`);
  forbid(
    rule.byYearDay.length > 0 && ["DAILY", "WEEKLY", "MONTHLY"].includes(freq),
    "BYYEARDAY",
    `BYYEARDAY does not go with FREQ=${freq}`,
  );
  forbid(rule.byMonthDay.length > 0 && freq === "WEEKLY", "BYMONTHDAY", "BYMONTHDAY does not go with FREQ=WEEKLY");
  forbid(
    ordinals && freq !== "MONTHLY" && freq !== "YEARLY",
    "BYDAY",
    `a numbered weekday goes with FREQ=MONTHLY or YEARLY, not ${freq}`,
  );
  forbid(ordinals && rule.byWeekNo.length > 0, "BYDAY", "a numbered weekday does not go with BYWEEKNO");
  forbid(
    rule.bySetPos.length > 0 && !hasByPart(rule),
    "BYSETPOS",
    "BYSETPOS chooses from the dates of another BY part, and there is none",
  );
  forbid(times > mostTimesADay, "BYSECOND", `${times} times a day are more than a task can use (${mostTimesADay})`);
}

/** What no calendar has is said at once, rather than looked for until the search gives up. */
function refuseImpossible({ freq, byDay, byMonth, byMonthDay }: WrittenRule): void {
  const isWithinMonth = freq === "MONTHLY" || (freq === "YEARLY" && byMonth.length > 0);
  const tooMany = byDay.find(({ ordinal }) => isWithinMonth && Math.abs(ordinal) > 5);
  if (tooMany !== undefined)
    throw new RecurrenceError(
      "never",
      `BYDAY=${tooMany.ordinal}${weekdayCodes[tooMany.weekday] ?? ""}`,
      `no month has a weekday ${Math.abs(tooMany.ordinal)} times; its number is 1 to 5, or -1 to -5`,
    );
  const longest = Math.max(...(byMonth.length > 0 ? byMonth : [1]).map((month) => daysInMonth(2024, month)));
  if (byMonthDay.length > 0 && byMonthDay.every((day) => Math.abs(day) > longest))
    throw new RecurrenceError(
      "never",
      `BYMONTHDAY=${byMonthDay.join(",")}`,
      `no month of BYMONTH=${byMonth.join(",")} has such a day; the longest has ${longest}`,
    );
}

function hasByPart(rule: WrittenRule): boolean {
  const { byMonth, byWeekNo, byYearDay, byMonthDay, byDay, byHour, byMinute, bySecond } = rule;
  return [byMonth, byWeekNo, byYearDay, byMonthDay, byDay, byHour, byMinute, bySecond].some((list) => list.length > 0);
}

function anchorParts(rule: WrittenRule, anchor: Civil): Partial<RecurrenceRule> {
  const byDay = [{ weekday: dayOfWeek(daysFromCivil(anchor.year, anchor.month, anchor.day)), ordinal: 0 }];
  if (rule.byDay.length > 0 || rule.byMonthDay.length > 0 || rule.byYearDay.length > 0) return {};
  if (rule.freq === "WEEKLY" || rule.byWeekNo.length > 0) return { byDay };
  if (rule.freq === "MONTHLY") return { byMonthDay: [anchor.day] };
  if (rule.freq !== "YEARLY") return {};
  return { byMonthDay: [anchor.day], byMonth: rule.byMonth.length > 0 ? rule.byMonth : [anchor.month] };
}
