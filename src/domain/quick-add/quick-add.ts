import type { RecurrenceBasis } from "../../contract/recurrence.ts";
import type { Priority } from "../../contract/task.ts";
import { addDays, type CivilDate, type CivilDateTime, civilToMs, dateOf, formatCivil } from "../civil.ts";
import { parsePattern } from "../recurrence/pattern.ts";
import { isTimeZone, toInstant } from "../time-zone.ts";
import { choose } from "./choose.ts";
import { findMatches, type Match } from "./matches.ts";
import { createReader, type Reader } from "./reader.ts";
import { type FoundRepeat, repeatProblem } from "./repeats.ts";
import type { FoundReminder } from "./reminders.ts";
import type { Span } from "./span.ts";
import type { TimeOfDay } from "./times.ts";
import { tokensOf } from "./tokens.ts";
import type { Language } from "./words.ts";

/** Of whoever types: their clock and their habits. */
export interface QuickAddContext {
  /** On the user's wall clock. */
  readonly now: CivilDateTime;
  /** 0 is Monday, 6 Sunday. */
  readonly weekStart: number;
  /** `15/1` is the fifteenth of January. */
  readonly isDayFirst: boolean;
  /** The hour (0–23) of a reminder on a day without a time. */
  readonly allDayHour: number;
  readonly language: Language;
  /** What the user wants to be literal. */
  readonly dismissed?: readonly Span[];
}

/** A part of the text that was understood. */
export interface UnderstoodPart extends Span {
  readonly kind: Match["kind"];
  readonly text: string;
  /** A date, a time, a recurrence pattern, an offset or an instant of a reminder, a priority. */
  readonly value: string;
}

/** A part that looks like a date or a time and is none: it stays in the title. */
export interface RefusedPart extends Span {
  readonly text: string;
  readonly reason: string;
}

/** What a line of text asks for; what was not said is absent. */
export interface QuickTask {
  readonly title: string;
  readonly due_date?: string;
  readonly priority?: Priority;
  readonly recurrence_pattern?: string;
  readonly recurrence_basis?: RecurrenceBasis;
  readonly recurrence_end_date?: string;
  readonly reminders?: QuickReminder[];
}

/** So long before the task is due, or at a wall-clock time. */
export interface QuickReminder {
  readonly offset?: string;
  readonly remind_at?: string;
}

export interface QuickAdd {
  readonly task: QuickTask;
  readonly understood: UnderstoodPart[];
  readonly refused: RefusedPart[];
}

/**
 * Understands one line of text (spec §7.1). Spans are in UTF-16 units, in order, and do not overlap; the title is the
 * text without them. What is in quotes, behind a backslash or dismissed is never taken.
 */
export const parseQuickAdd = (text: string, context: QuickAddContext): QuickAdd => {
  const { tokens, escapes } = tokensOf(text, context.dismissed);
  const reader = createReader(tokens, context.language);
  const matchContext = { ...context, today: dateOf(context.now), isZone: isTimeZone };
  const { taken, refused } = choose(reader, findMatches(reader, matchContext), matchContext.today);
  const spans = taken.map((match) => spanOf(reader, match));
  const task = { title: titleOf(text, spans, escapes), ...fieldsOf(taken, context) };
  return {
    task,
    understood: taken.map((match) => ({
      kind: match.kind,
      ...quoted(text, spanOf(reader, match)),
      value: valueOf(match, task),
    })),
    refused: refused.map((match) => ({
      ...quoted(text, spanOf(reader, match)),
      reason: reasonOf(match, matchContext.today),
    })),
  };
};

const spanOf = ({ tokens }: Reader, { at, next }: Match): Span => ({
  start: tokens[at]?.start ?? 0,
  end: tokens[next - 1]?.end ?? 0,
});

const quoted = (text: string, { start, end }: Span) => ({ text: text.slice(start, end), start, end });

const reasonOf = (match: Match, today: CivilDate): string => {
  if (match.kind === "repeat") return repeatProblem(match.value, today) ?? "";
  return typeof match.value === "object" && "problem" in match.value ? (match.value.problem ?? "") : "";
};

/** The text without what was taken; spaces that would meet there are one. */
const titleOf = (text: string, spans: readonly Span[], escapes: readonly Span[]): string => {
  const kept = [...spans, { start: text.length, end: text.length }].map(({ start }, index) =>
    withoutEscapes(text, { start: spans[index - 1]?.end ?? 0, end: start }, escapes),
  );
  return kept.reduce((title, part) => joined(title, part)).trim();
};

const withoutEscapes = (text: string, { start, end }: Span, escapes: readonly Span[]): string => {
  const inside = escapes.filter((escape) => escape.start >= start && escape.end <= end);
  const starts = [start, ...inside.map((escape) => escape.end)];
  const ends = [...inside.map((escape) => escape.start), end];
  return starts.map((from, index) => text.slice(from, ends[index])).join("");
};

const joined = (left: string, right: string): string =>
  `${left.trimEnd()}${/^[,.;:!?)\]}]/.test(right.trimStart()) ? "" : " "}${right.trimStart()}`;

type Fields = Omit<QuickTask, "title">;

const fieldsOf = (taken: readonly Match[], context: QuickAddContext): Fields => {
  const [date, time, repeat, priority] = [
    taken.find((match) => match.kind === "date")?.value,
    taken.find((match) => match.kind === "time")?.value,
    taken.find((match) => match.kind === "repeat")?.value,
    taken.find((match) => match.kind === "priority")?.value,
  ];
  const day = date?.date ?? time?.date ?? repeat?.starting;
  const at = time?.time ?? date?.part ?? repeat?.time ?? hourlyStart(repeat, context);
  const first = repeat === undefined ? undefined : firstOccurrence(repeat.pattern, day, at, context);
  const due = repeat === undefined ? dueOf(day, at, context) : first;
  const reminders = taken.flatMap((match) =>
    match.kind === "reminder" ? reminderOf(match.value, due?.date, context) : [],
  );
  return {
    ...(due === undefined ? {} : { due_date: written(due, time?.zone) }),
    ...(priority === undefined ? {} : { priority }),
    ...(repeat === undefined || first === undefined ? {} : { recurrence_pattern: repeat.pattern }),
    ...(repeat?.fromCompletion === true ? { recurrence_basis: "completion" as const } : {}),
    ...(repeat?.until === undefined ? {} : { recurrence_end_date: formatCivil(repeat.until) }),
    ...(reminders.length === 0 ? {} : { reminders }),
  };
};

/** What repeats within a day begins with the next full hour. */
const hourlyStart = (repeat: FoundRepeat | undefined, { now }: QuickAddContext): TimeOfDay | undefined =>
  repeat !== undefined && /FREQ=HOURLY/.test(repeat.pattern) ? { hour: (now.hour + 1) % 24, minute: 0 } : undefined;

interface Due {
  readonly date: CivilDate;
  readonly time: TimeOfDay | undefined;
}

/** A time without a day is today while it is to come, else tomorrow. */
const dueOf = (day: CivilDate | undefined, time: TimeOfDay | undefined, { now }: QuickAddContext): Due | undefined => {
  if (day !== undefined) return { date: day, time };
  if (time === undefined) return undefined;
  const today = dateOf(now);
  return { date: isToCome(today, time, now) ? today : addDays(today, 1), time };
};

const isToCome = (date: CivilDate, time: TimeOfDay, now: CivilDateTime): boolean =>
  civilToMs({ ...date, ...time, second: 0, ms: 0 }) > civilToMs(now);

/** The first date of a rule from the day that was said, or from today, or from tomorrow when its time has passed. */
const firstOccurrence = (
  pattern: string,
  day: CivilDate | undefined,
  time: TimeOfDay | undefined,
  { now }: QuickAddContext,
): Due | undefined => {
  // "Every other friday" begins with the next Friday, whichever week that is in.
  const everyTime = /;BY/.test(pattern) ? pattern.replace(/;INTERVAL=\d+/, "") : pattern;
  const from = (date: CivilDate): CivilDate | undefined => {
    const parsed = parsePattern(everyTime, time === undefined ? date : { ...date, ...time, second: 0, ms: 0 });
    return parsed.ok ? dateOf(parsed.first) : undefined;
  };
  const today = dateOf(now);
  const first = from(day ?? today);
  const isOver = day === undefined && first !== undefined && time !== undefined && !isToCome(first, time, now);
  const date = isOver ? from(addDays(today, 1)) : first;
  return date && { date, time };
};

const clock = ({ date, time }: Due): string =>
  formatCivil(time === undefined ? date : { ...date, ...time, second: 0, ms: 0 });

const written = (due: Due, zone: string | undefined): string => {
  const text = clock(due);
  if (zone === undefined || due.time === undefined) return text;
  if (zone === "Z" || /^[+-]/.test(zone)) return `${text}${zone}`;
  return new Date(toInstant(zone, { ...due.date, ...due.time, second: 0, ms: 0 })).toISOString();
};

const reminderOf = (
  reminder: FoundReminder,
  dueDay: CivilDate | undefined,
  context: QuickAddContext,
): QuickReminder[] => {
  if ("offset" in reminder) return [{ offset: reminder.offset }];
  const time = reminder.time ?? { hour: context.allDayHour, minute: 0 };
  const at = dueOf(reminder.date ?? dueDay, time, context);
  return at === undefined ? [] : [{ remind_at: clock(at) }];
};

const valueOf = (match: Match, task: QuickTask): string => {
  switch (match.kind) {
    case "date":
      return match.value.date === null ? "" : formatCivil(match.value.date);
    case "time":
      return match.value.time === null ? "" : `${clockText(match.value.time)}${match.value.zone ?? ""}`;
    case "repeat":
      return match.value.pattern;
    case "priority":
      return match.value;
    case "reminder":
      return "offset" in match.value ? match.value.offset : reminderMoment(match.value, task);
  }
};

const clockText = ({ hour, minute }: TimeOfDay): string =>
  `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;

const reminderMoment = ({ time }: Extract<FoundReminder, { time: unknown }>, { reminders = [] }: QuickTask): string => {
  const moments = reminders.flatMap(({ remind_at }) => remind_at ?? []);
  return moments.find((moment) => time === null || moment.endsWith(clockText(time))) ?? moments[0] ?? "";
};
