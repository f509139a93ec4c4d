import { type CivilDateTime, isDateTime, parseCivil } from "../../../../src/domain/civil.ts";
import { isDayFirst } from "../../../../src/domain/quick-add/day-order.ts";
import { type DueWords, parseDueWords } from "../../../../src/domain/quick-add/due-words.ts";
import { english } from "../../../../src/domain/quick-add/english.ts";
import { parseQuickAdd, type QuickAdd, type QuickAddContext } from "../../../../src/domain/quick-add/quick-add.ts";
import type { Span } from "../../../../src/domain/quick-add/span.ts";
import { parsePattern, sentence } from "../../../../src/domain/recurrence.ts";
import type { WeekStart } from "../../time/calendar.ts";
import type { Clock } from "../../time/due-date.ts";

/** Of whoever types. */
export interface Typist {
  readonly clock: Clock;
  readonly weekStart: WeekStart;
  /** 0–23 */
  readonly allDayHour: number;
}

/** What a line asks for; every repeat that was understood is said in words too. */
export interface Reading extends QuickAdd {
  /** The rule of the repeat as a sentence, "every month on the 1st"; null without one. */
  readonly repeatWords: string | null;
}

/** Understands a line as the server would. `literal` is what the user wants to be left alone. */
export const read = (line: string, typist: Typist, literal: readonly Span[]): Reading => {
  const result = parseQuickAdd(line, { ...contextOf(typist), dismissed: literal });
  return { ...result, repeatWords: wordsOf(result) };
};

/** Understands words that are a due date and nothing else. */
export const readDue = (words: string, typist: Typist): DueWords => parseDueWords(words, contextOf(typist));

const contextOf = ({ clock, weekStart, allDayHour }: Typist): QuickAddContext => ({
  now: civilNow(clock),
  weekStart: weekStart === "sunday" ? 6 : 0,
  isDayFirst: isDayFirst(navigator.language, clock.zone),
  allDayHour,
  language: english,
});

const civilNow = ({ time }: Clock): CivilDateTime => {
  const now = parseCivil(time);
  if (now === undefined || !isDateTime(now)) throw new Error(`${time} is no time of a clock`);
  return now;
};

const wordsOf = ({ task: { recurrence_pattern, due_date } }: QuickAdd): string | null => {
  const first = due_date === undefined ? undefined : parseCivil(due_date.slice(0, 16));
  if (recurrence_pattern === undefined || first === undefined) return null;
  const parsed = parsePattern(recurrence_pattern, first);
  return parsed.ok ? sentence(parsed.rule) : null;
};
