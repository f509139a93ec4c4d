import type { Task } from "../../../../src/contract/task.ts";
import { locale } from "../../ui/messages.ts";
import { dayOf, type CivilDay, type Clock } from "../../time/due-date.ts";
import { dayWords, formatDay, plainDate } from "../../time/due-words.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { ordinalOf, weekdays, type Weekday } from "./choices.ts";
import { text } from "./messages.ts";
import type { PresetId } from "./presets.ts";

/** 2024 began on a Monday. */
const weekBegin = Date.UTC(2024, 0, 1);
const dayMs = 24 * 3600 * 1000;

const names = (weekday: "long" | "short"): Record<Weekday, string> => {
  const format = new Intl.DateTimeFormat(locale, { weekday, timeZone: "UTC" });
  return Object.fromEntries(weekdays.map((code, index) => [code, format.format(weekBegin + index * dayMs)])) as Record<
    Weekday,
    string
  >;
};

export const weekdayNames = names("long");
export const weekdayShortNames = names("short");

/** A preset as the editor names it, for a task that is due on `day`. */
export const presetLabel = (id: PresetId, day: CivilDay): string => {
  const weekday = formatDay(day, locale, { weekday: "long" });
  switch (id) {
    case "weekly":
      return text.weekly(weekday);
    case "monthlyDay":
      return text.monthlyDay(Number(day.slice(8)));
    case "monthlyWeekday":
      return text.monthlyWeekday(ordinalOf(day), weekday);
    case "yearly":
      return text.yearly(formatDay(day, locale, { day: "numeric", month: "long" }));
    default:
      return text[id];
  }
};

/** A date of a series with its weekday. */
export const occurrenceWords = (date: string, clock: Clock): string => plainDate(date, clock, locale);

/** A day within a sentence: "tomorrow", "on Fri", "on 1 Dec". */
export const dayInSentence = (date: string, clock: Clock): string => {
  const words = dayWords(dayOf(date, clock.zone), clock.day, dueVocabulary);
  const isRelative = [dueVocabulary.today, dueVocabulary.tomorrow, dueVocabulary.yesterday].includes(words);
  return isRelative ? words.toLowerCase() : text.on(words);
};

/** How a series repeats. Before the server has answered, only that it does is known. */
export const ruleWords = ({ recurrence_text, recurrence_basis }: Task): string => {
  const sentence = capitalised(recurrence_text ?? text.repeats);
  return recurrence_basis === "completion" ? text.afterCompletion(sentence) : sentence;
};

export const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
