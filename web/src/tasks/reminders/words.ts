import type { TaskReminder } from "../../../../src/contract/reminder.ts";
import { kindOf, type Clock } from "../../time/due-date.ts";
import { dueWords } from "../../time/due-words.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { text } from "./messages.ts";
import { hourText, offsetOf, type Offset } from "./offsets.ts";

/** What the words of a reminder depend on beside itself. */
export interface Setting {
  readonly due: string | null;
  readonly clock: Clock;
  /** 0–23: when a whole day reminds. */
  readonly allDayHour: number;
}

/** When a reminder is for: "15 minutes before", "At 09:00 the day before", or the moment it is set to. */
export const reminderWords = (
  { offset, remind_at, snoozed_from }: Pick<TaskReminder, "offset" | "remind_at" | "snoozed_from">,
  setting: Setting,
): string => {
  if (offset !== null) return offsetWords(offset, setting);
  if (remind_at === null) return text.atMoment;
  const moment = momentWords(remind_at, setting.clock);
  return snoozed_from === null ? moment : `${text.snoozed}: ${moment}`;
};

export const offsetWords = (iso: string, { due, allDayHour }: Pick<Setting, "due" | "allDayHour">): string => {
  const offset = offsetOf(iso);
  if (due !== null && kindOf(due) === "date") return allDayWords(offset, hourText(allDayHour));
  return isNone(offset) ? text.atDue : text.before(spanWords(offset));
};

const allDayWords = (offset: Offset, time: string): string => {
  if (isNone(offset)) return text.onTheDay(time);
  if (offset.minutes > 0) return text.beforeOnTheDay(spanWords(offset), time);
  return offset.months === 0 && offset.days === 1 ? text.dayBefore(time) : text.daysBefore(spanWords(offset), time);
};

const isNone = ({ months, days, minutes }: Offset): boolean => months === 0 && days === 0 && minutes === 0;

const spanWords = ({ months, days, minutes }: Offset): string => {
  const weeks = days % 7 === 0 ? days / 7 : 0;
  const parts: readonly [number, (count: number) => string][] = [
    [months, text.months],
    [weeks, text.weeks],
    [weeks === 0 ? days : 0, text.days],
    [Math.floor(minutes / 60), text.hours],
    [minutes % 60, text.minutes],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, words]) => words(count))
    .join(" ");
};

/** An instant as the user's zone has it: "Today 08:45". */
export const momentWords = (instant: string, clock: Clock): string => dueWords(instant, clock, dueVocabulary).text;
