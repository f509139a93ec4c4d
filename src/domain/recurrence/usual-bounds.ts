import { RecurrenceError } from "./recurrence-error.ts";
import type { RecurrenceRule } from "./rule.ts";

/** Every day of ten years. */
const MAX_COUNT = 3_660;
/** The days of a month from its first, and from its last. */
const MAX_LIST = 62;
/** Every quarter of an hour. */
const MAX_TIMES_A_DAY = 96;

/**
 * Refuses what is right by RFC 5545 and of no use to a person, because finding its dates costs many times what a rule
 * that people write costs. For new rules only: one that was kept before stays readable.
 * @throws RecurrenceError `unsupported`, naming the part and its bound
 */
export function refuseUnusual(rule: RecurrenceRule): void {
  if (rule.count !== null && rule.count > MAX_COUNT)
    throw new RecurrenceError("unsupported", `COUNT=${rule.count}`, `a task's COUNT is at most ${MAX_COUNT}`);
  for (const [part, list] of dayLists(rule))
    if (list.length > MAX_LIST)
      throw new RecurrenceError(
        "unsupported",
        part,
        `${part} lists ${list.length} values; a task uses at most ${MAX_LIST}`,
      );
  const times = [rule.byHour, rule.byMinute, rule.bySecond].reduce(
    (product, list) => product * Math.max(list.length, 1),
    1,
  );
  if (times > MAX_TIMES_A_DAY)
    throw new RecurrenceError(
      "unsupported",
      longestTimePart(rule),
      `${times} times a day; a task uses at most ${MAX_TIMES_A_DAY}`,
    );
}

const dayLists = ({ byYearDay, byMonthDay, byDay, bySetPos }: RecurrenceRule) =>
  Object.entries({ BYYEARDAY: byYearDay, BYMONTHDAY: byMonthDay, BYDAY: byDay, BYSETPOS: bySetPos });

const longestTimePart = ({ byHour, byMinute, bySecond }: RecurrenceRule): string =>
  bySecond.length > 1 ? "BYSECOND" : byMinute.length > byHour.length ? "BYMINUTE" : "BYHOUR";
