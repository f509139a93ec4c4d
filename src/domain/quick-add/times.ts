import { addDays, type CivilDate, civilFromMs, type CivilDateTime, civilToMs, dateOf } from "../civil.ts";
import { readSpan } from "./dates.ts";
import { readNumber } from "./numbers.ts";
import { firstOf, type Read, type Reader } from "./reader.ts";

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** A time that was read; or why what looks like one is none. */
export interface FoundTime {
  readonly time: TimeOfDay | null;
  readonly problem?: string;
  /** The day it is on, where it says so: `tonight`, `in 2 hours`. */
  readonly date?: CivilDate;
  /** The zone as it was written: `Z`, `+02:00`, `Europe/Rome`. Without one it is on the user's clock. */
  readonly zone?: string;
  /** It counts only at the end of a text: `9:30`, `at nine`. */
  readonly isLone: boolean;
}

export interface TimeContext {
  readonly now: CivilDateTime;
  isZone(name: string): boolean;
}

type ReadTime = (reader: Reader, at: number, context: TimeContext) => Read<FoundTime> | undefined;

/** A time of the day where it stands, with the preposition before it. */
export const readTime: ReadTime = (reader, at, context) =>
  firstOf(
    () => readFromNow(reader, at, context),
    () => readWord(reader, at, context),
    () => readClock(reader, at, context),
  );

/** `in 2 hours`, `in half an hour`. */
const readFromNow: ReadTime = (reader, at, { now }) => {
  const within = reader.word(at, "in");
  const span = readSpan(reader, within?.next ?? at);
  if (span === undefined) return undefined;
  const fromNow = reader.word(span.next, "from-now");
  const { amount, unit } = span.value;
  if ((within === undefined && fromNow === undefined) || (unit !== "minute" && unit !== "hour")) return undefined;
  const later = civilFromMs(civilToMs({ ...now, second: 0, ms: 0 }) + amount * (unit === "hour" ? 3_600_000 : 60_000));
  return {
    value: { time: { hour: later.hour, minute: later.minute }, date: dateOf(later), isLone: false },
    next: fromNow?.next ?? span.next,
  };
};

/** `noon`, `at midnight`, `tonight`, `this evening`. */
const readWord: ReadTime = (reader, at, { now }) => {
  const start = reader.skip(at, "at");
  const word = reader.word(start, "time");
  if (word !== undefined) {
    const { hour, minute, day } = word.value;
    const date = day === undefined ? {} : { date: addDays(dateOf(now), day) };
    return { value: { time: { hour, minute }, ...date, isLone: start === at && day === undefined }, next: word.next };
  }
  const within = reader.word(at, "this");
  const part = within && readDayPart(reader, within.next);
  if (part !== undefined) return { value: { time: part.value, date: dateOf(now), isLone: false }, next: part.next };
  const inThe = reader.word(at, "in");
  const alone = inThe && readDayPart(reader, at);
  return alone && { value: { time: alone.value, isLone: true }, next: alone.next };
};

/** `morning`, `in the evening`: behind a day, or behind `every`. */
export const readDayPart = (reader: Reader, at: number): Read<TimeOfDay> | undefined => {
  const part = reader.word(reader.skip(at, "in", "article"), "part");
  return part && { value: { hour: part.value.hour, minute: 0 }, next: part.next };
};

const readClock: ReadTime = (reader, at, context) => {
  const start = reader.skip(at, "at");
  const isSaid = start > at;
  const clock = firstOf(
    () => readAbout(reader, start),
    () => readDigits(reader, start),
    () => readHour(reader, start, isSaid),
  );
  if (clock === undefined) return undefined;
  if (clock.value.time === null) return clock;
  const { isLone, ...value } = clock.value;
  const zone = value.zone === undefined ? readZone(reader, clock.next, context) : undefined;
  if (zone !== undefined) {
    const { name, problem } = zone.value;
    const found: FoundTime = problem === undefined ? { ...value, zone: name, isLone } : { time: null, problem, isLone };
    return { value: found, next: zone.next };
  }
  // "at 9:30" is a time wherever it stands; "at 9" may be the beginning of an address.
  return { value: { ...value, isLone: isLone && !(isSaid && value.hasMinutes) }, next: clock.next };
};

interface Clock extends FoundTime {
  readonly hasMinutes?: boolean;
}

/** `half past eight`, `quarter to nine`, `ten past five`. */
const readAbout = (reader: Reader, at: number): Read<Clock> | undefined => {
  const about = reader.word(at, "about");
  if (about !== undefined) {
    const hour = readNumber(reader, about.next);
    return hour && shifted(hour, about.value.minutes);
  }
  const minutes = readNumber(reader, at);
  const past = minutes && reader.word(minutes.next, "past");
  const side = past ?? (minutes && reader.word(minutes.next, "to"));
  const hour = side && readNumber(reader, side.next);
  if (minutes === undefined || side === undefined || hour === undefined || minutes.value > 30) return undefined;
  return shifted(hour, past === undefined ? -minutes.value : minutes.value);
};

const shifted = ({ value, next }: Read<number>, minutes: number): Read<Clock> | undefined => {
  if (value < 1 || value > 23) return undefined;
  const total = (asHour(value) * 60 + minutes + 1_440) % 1_440;
  return { value: { time: { hour: Math.floor(total / 60), minute: total % 60 }, isLone: false }, next };
};

/** An hour without am or pm: people who say "at 5" are awake. */
const asHour = (hour: number): number => (hour >= 1 && hour <= 6 ? hour + 12 : hour);

const DIGITS = /^(\d{1,2})(?:[:.](\d{2}))?(am|pm|a|p)?(z|[+-]\d{2}:\d{2})?$/;
const HOUR_LETTER = /^(\d{1,2})h(\d{2})?$/;

/** `9am`, `9 am`, `9:30`, `21:00`, `9.30pm`, `21h30`, `09:00Z`. */
const readDigits = (reader: Reader, at: number): Read<Clock> | undefined => {
  const [, letterHour, letterMinute] = reader.match(at, HOUR_LETTER) ?? [];
  if (letterHour !== undefined) return clockOf(Number(letterHour), Number(letterMinute ?? 0), at + 1, { isLone: true });
  const [whole, hours, minutes, half, offset] = reader.match(at, DIGITS) ?? [];
  if (whole === undefined || hours === undefined) return undefined;
  const word = half === undefined && offset === undefined ? reader.word(at + 1, "half-day") : undefined;
  if (minutes === undefined && half === undefined && word === undefined) return undefined;
  // "9.30" alone is a number.
  if (whole.includes(".") && half === undefined && word === undefined && !reader.language.hasDottedDates)
    return undefined;
  const minute = Number(minutes ?? 0);
  const add = half === undefined ? word?.value.add : half.startsWith("p") ? 12 : 0;
  if (add === undefined)
    return clockOf(Number(hours), minute, at + 1, {
      isLone: offset === undefined,
      ...zoneIn(offset),
      hasMinutes: true,
    });
  const hour = Number(hours);
  if (hour < 1 || hour > 12) return impossible(word?.next ?? at + 1);
  return clockOf((hour % 12) + add, minute, word?.next ?? at + 1, { isLone: false, ...zoneIn(offset) });
};

const zoneIn = (offset: string | undefined) => (offset === undefined ? {} : { zone: offset === "z" ? "Z" : offset });

const clockOf = (hour: number, minute: number, next: number, facts: Omit<Clock, "time">): Read<Clock> =>
  hour > 23 || minute > 59 ? impossible(next) : { value: { ...facts, time: { hour, minute } }, next };

const impossible = (next: number): Read<Clock> => ({
  value: { time: null, problem: "no clock has such a time", isLone: true },
  next,
});

/** `at nine`, `8 o'clock`. */
const readHour = (reader: Reader, at: number, isSaid: boolean): Read<Clock> | undefined => {
  const hour = readNumber(reader, at);
  if (hour === undefined || hour.value > 24 || hour.value < 0) return undefined;
  const oClock = reader.word(hour.next, "o-clock");
  if (oClock === undefined && !isSaid) return undefined;
  const minutes = oClock && reader.match(oClock.next, /^[0-5]\d$/);
  const next = (oClock?.next ?? hour.next) + (minutes === undefined ? 0 : 1);
  return clockOf(asHour(hour.value) % 24, Number(minutes?.[0] ?? 0), next, { isLone: oClock === undefined });
};

/** A name of the time zone database; `UTC`, `GMT`. One that does not exist says so. */
const readZone = (
  reader: Reader,
  at: number,
  { isZone }: TimeContext,
): Read<{ name: string; problem?: string }> | undefined => {
  if (reader.match(at, /^(?:utc|gmt|z)$/) !== undefined) return { value: { name: "Z" }, next: at + 1 };
  let [name, next] = ["", at];
  for (
    let token = reader.tokens[next];
    token !== undefined && (next === at || !token.isApart);
    token = reader.tokens[next]
  ) {
    if (token.folded === "" || !/^[\p{L}\p{N}/_+-]+$/u.test(token.text)) break;
    name += token.text;
    next += 1;
  }
  if (!/^[A-Z][A-Za-z_]+\/[A-Z][\w/+-]*$/.test(name)) return undefined;
  return { value: isZone(name) ? { name } : { name, problem: "there is no such time zone" }, next };
};
