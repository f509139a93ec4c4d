import { RecurrenceError } from "./recurrence-error.ts";
import {
  frequencies,
  type Frequency,
  inOrder,
  plainRule,
  type RecurrenceRule,
  type WeekdayPart,
  weekdayCodes,
} from "./rule.ts";
import type { UntilText } from "./until.ts";
import { readUntil } from "./until.ts";

/** An RRULE as it is written: UNTIL still in its own form, nothing taken from DTSTART. */
export interface WrittenRule extends Omit<RecurrenceRule, "until"> {
  readonly until: UntilText | null;
}

type Parts = { -readonly [Part in keyof WrittenRule]?: WrittenRule[Part] };

const readers: Record<string, (value: string, parts: Parts) => void> = {
  FREQ: (value, parts) => void (parts.freq = readFrequency(value)),
  INTERVAL: (value, parts) => void (parts.interval = readInterval(value)),
  COUNT: (value, parts) => void (parts.count = readNumber("COUNT", value, 1, 1_000_000_000)),
  UNTIL: (value, parts) => void (parts.until = readUntil(value)),
  BYMONTH: (value, parts) => void (parts.byMonth = readList("BYMONTH", value, 1, 12)),
  BYWEEKNO: (value, parts) => void (parts.byWeekNo = readSignedList("BYWEEKNO", value, 53)),
  BYYEARDAY: (value, parts) => void (parts.byYearDay = readSignedList("BYYEARDAY", value, 366)),
  BYMONTHDAY: (value, parts) => void (parts.byMonthDay = readSignedList("BYMONTHDAY", value, 31)),
  BYDAY: (value, parts) => void (parts.byDay = readWeekdays(value)),
  BYHOUR: (value, parts) => void (parts.byHour = readList("BYHOUR", value, 0, 23)),
  BYMINUTE: (value, parts) => void (parts.byMinute = readList("BYMINUTE", value, 0, 59)),
  BYSECOND: (value, parts) => void (parts.bySecond = readSeconds(value)),
  BYSETPOS: (value, parts) => void (parts.bySetPos = readSignedList("BYSETPOS", value, 366)),
  WKST: (value, parts) => void (parts.weekStart = readWeekStart(value)),
};

/**
 * Reads the value of an RRULE, with or without `RRULE:` before it, in any case of letters (RFC 5545 §3.3.10).
 * @throws RecurrenceError naming the part that is wrong
 */
export function readRRule(text: string): WrittenRule {
  const parts: Parts = {};
  const seen = new Set<string>();
  for (const part of text
    .toUpperCase()
    .replace(/^RRULE:/, "")
    .split(";")) {
    const [name = "", value = ""] = splitPart(part);
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read === undefined) throw new RecurrenceError("bad_part", name, unknownPart(name));
    if (seen.has(name)) throw new RecurrenceError("bad_part", name, `${name} is there twice`);
    seen.add(name);
    read(value, parts);
  }
  if (parts.freq === undefined)
    throw new RecurrenceError("bad_part", "FREQ", "FREQ is missing: write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY");
  return { ...plainRule(parts.freq), until: null, ...parts };
}

function splitPart(part: string): [name: string, value: string] {
  const equals = part.indexOf("=");
  if (equals < 0)
    throw new RecurrenceError(
      "bad_part",
      part,
      `"${part.slice(0, 40)}" is no part of a rule: NAME=VALUE is missing its "="`,
    );
  return [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
}

function unknownPart(name: string): string {
  const known = Object.keys(readers).join(", ");
  return `${name.slice(0, 40)} is no part of an RFC 5545 rule; the parts are ${known}`;
}

function readFrequency(value: string): Frequency {
  const frequency = frequencies.find((known) => known === value);
  if (frequency !== undefined) return frequency;
  if (value === "SECONDLY" || value === "MINUTELY") {
    throw new RecurrenceError(
      "unsupported",
      `FREQ=${value}`,
      `a task repeats at most every hour, not ${value.toLowerCase()}`,
    );
  }
  throw new RecurrenceError("bad_part", `FREQ=${value}`, `FREQ is ${frequencies.join(", ")}`);
}

function readNumber(part: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (!/^[+-]?\d{1,10}$/.test(value) || number < min || number > max) {
    throw new RecurrenceError(
      "bad_part",
      `${part}=${value}`,
      `${part} takes ${min} to ${max}, not "${value.slice(0, 40)}"`,
    );
  }
  return number;
}

const longestInterval = 10_000;

function readInterval(value: string): number {
  const interval = readNumber("INTERVAL", value, 1, 1_000_000_000);
  if (interval <= longestInterval) return interval;
  throw new RecurrenceError("unsupported", `INTERVAL=${value}`, `a task's interval is at most ${longestInterval}`);
}

const longestList = 800;

function readItems<Item>(part: string, value: string, read: (item: string) => Item): Item[] {
  const items = value.split(",");
  if (items.length > longestList)
    throw new RecurrenceError("bad_part", part, `${part} lists more than ${longestList} values`);
  return items.map((item) => read(item.trim()));
}

function readList(part: string, value: string, min: number, max: number): number[] {
  return inOrder(readItems(part, value, (item) => readNumber(part, item, min, max)));
}

function readSignedList(part: string, value: string, max: number): number[] {
  return readList(part, value, -max, max).map((number) => {
    if (number === 0)
      throw new RecurrenceError("bad_part", `${part}=0`, `${part} counts from 1, or from the end with -1`);
    return number;
  });
}

function readSeconds(value: string): number[] {
  const seconds = readList("BYSECOND", value, 0, 60);
  if (seconds.includes(60))
    throw new RecurrenceError("unsupported", "BYSECOND=60", "a task's clock has no leap seconds");
  return seconds;
}

function readWeekday(part: string, code: string): number {
  const weekday = weekdayCodes.findIndex((known) => known === code);
  if (weekday < 0)
    throw new RecurrenceError(
      "bad_part",
      `${part}=${code}`,
      `"${code.slice(0, 40)}" is no weekday; ${part} takes ${weekdayCodes.join(", ")}`,
    );
  return weekday;
}

const readWeekStart = (value: string): number => readWeekday("WKST", value);

function readWeekdays(value: string): WeekdayPart[] {
  const weekdays = readItems("BYDAY", value, (item) => {
    const [, ordinal = "", code = ""] = /^([+-]?\d*)(.*)$/s.exec(item) ?? [];
    return { weekday: readWeekday("BYDAY", code), ordinal: ordinal === "" ? 0 : readOrdinal(ordinal, item) };
  });
  const byKey = new Map(weekdays.map((day) => [`${day.ordinal} ${day.weekday}`, day]));
  return [...byKey.values()].toSorted(
    (a, b) => Number(a.ordinal < 0) - Number(b.ordinal < 0) || a.ordinal - b.ordinal || a.weekday - b.weekday,
  );
}

function readOrdinal(text: string, item: string): number {
  const ordinal = Number(text);
  if (Number.isInteger(ordinal) && ordinal !== 0 && Math.abs(ordinal) <= 53) return ordinal;
  throw new RecurrenceError(
    "bad_part",
    `BYDAY=${item}`,
    `"${item.slice(0, 40)}": a weekday's number is 1 to 53, or -1 to -53`,
  );
}
