import { formatOffset } from "../reminder/offset.ts";
import { type DateContext, readDate, readSpan } from "./dates.ts";
import { firstOf, type Read, type Reader } from "./reader.ts";
import { readTime, type TimeContext, type TimeOfDay } from "./times.ts";
import type { CivilDate } from "../civil.ts";
import type { Unit } from "./words.ts";

/** When somebody is to be reminded: so long before the task is due, or at a moment of its own. */
export type FoundReminder =
  | { readonly offset: string }
  | { readonly time: TimeOfDay | null; readonly date: CivilDate | null };

/** `remind 1 day before`, `remind me at 8am`, `remind me tomorrow at 9`. "Remind me to …" is a title. */
export const readReminder = (
  reader: Reader,
  at: number,
  context: DateContext & TimeContext,
): Read<FoundReminder> | undefined => {
  const remind = reader.word(at, "remind");
  if (remind === undefined) return undefined;
  const read = firstOf<FoundReminder>(
    () => readBefore(reader, remind.next),
    () => readMoment(reader, remind.next, context),
  );
  return read === undefined || reader.tokens[read.next]?.folded === "to" ? undefined : read;
};

const readBefore = (reader: Reader, at: number): Read<FoundReminder> | undefined => {
  const span = readSpan(reader, at);
  const before = span && reader.word(span.next, "before");
  return span && before && { value: { offset: offsetOf(span.value.amount, span.value.unit) }, next: before.next };
};

const offsetOf = (amount: number, unit: Unit): string => {
  const none = { months: 0, days: 0, ms: 0 };
  if (unit === "minute" || unit === "hour")
    return formatOffset({ ...none, ms: amount * (unit === "hour" ? 3_600_000 : 60_000) });
  if (unit === "day" || unit === "week") return formatOffset({ ...none, days: amount * (unit === "week" ? 7 : 1) });
  return formatOffset({ ...none, months: amount * (unit === "year" ? 12 : 1) });
};

/** A time, a date, or both in either order. */
const readMoment = (
  reader: Reader,
  at: number,
  context: DateContext & TimeContext,
): Read<FoundReminder> | undefined => {
  const time = readTime(reader, at, context);
  const date = readDate(reader, time?.next ?? at, context);
  const later = time === undefined && date !== undefined ? readTime(reader, date.next, context) : undefined;
  const clock = time ?? later;
  if ((date === undefined && clock === undefined) || date?.value.date === null || clock?.value.time === null)
    return undefined;
  return {
    value: { time: clock?.value.time ?? null, date: date?.value.date ?? clock?.value.date ?? null },
    next: Math.max(date?.next ?? at, clock?.next ?? at),
  };
};
