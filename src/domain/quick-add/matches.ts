import type { Priority } from "../../contract/task.ts";
import { type DateContext, type FoundDate, readDate } from "./dates.ts";
import { readPriority } from "./priorities.ts";
import type { Read, Reader } from "./reader.ts";
import { type FoundReminder, readReminder } from "./reminders.ts";
import { type FoundRepeat, readRepeat } from "./repeats.ts";
import { type FoundTime, readDayPart, readTime, type TimeContext, type TimeOfDay } from "./times.ts";

/** A day, with the part of it that stands behind: `tomorrow morning`. */
export interface DayFound extends FoundDate {
  readonly part?: TimeOfDay;
}

type Found =
  | { readonly kind: "date"; readonly value: DayFound }
  | { readonly kind: "time"; readonly value: FoundTime }
  | { readonly kind: "repeat"; readonly value: FoundRepeat }
  | { readonly kind: "reminder"; readonly value: FoundReminder }
  | { readonly kind: "priority"; readonly value: Priority };

/** Something of a text that can be taken from its title: the tokens from `at` to the one before `next`. */
export type Match = Found & { readonly at: number; readonly next: number };
export type MatchOf<Kind extends Match["kind"]> = Extract<Match, { readonly kind: Kind }>;

export type MatchContext = DateContext & TimeContext;

/** All that could be meant, from left to right, the longest at each place. */
export const findMatches = (reader: Reader, context: MatchContext): Match[] => {
  const matches: Match[] = [];
  for (let at = 0; at < reader.tokens.length;) {
    const match = matchAt(reader, at, context);
    if (match !== undefined) matches.push(match);
    at = match?.next ?? at + 1;
  }
  return matches;
};

const matchAt = (reader: Reader, at: number, context: MatchContext): Match | undefined => {
  if (!reader.begins(at)) return undefined;
  const found = [
    as("priority", at, readPriority(reader, at)),
    as("reminder", at, readReminder(reader, at, context)),
    as("repeat", at, readRepeat(reader, at, context)),
    as("date", at, readDay(reader, at, context)),
    as("time", at, readTime(reader, at, context)),
  ].filter((match) => match !== undefined && endsAtWord(reader, match.next));
  return found.reduce<Match | undefined>(
    (longest, match) => (match !== undefined && match.next > (longest?.next ?? at) ? match : longest),
    undefined,
  );
};

const as = <Kind extends Match["kind"]>(
  kind: Kind,
  at: number,
  read: Read<MatchOf<Kind>["value"]> | undefined,
): Match | undefined => read && ({ kind, value: read.value, at, next: read.next } as Match);

/** "9am-ish" and "friday's" are none: what is taken ends where a word ends. */
const endsAtWord = (reader: Reader, next: number): boolean => {
  const token = reader.tokens[next];
  return token === undefined || token.isApart || /^[,.;:!?)\]}…]$/.test(token.text);
};

const readDay = (reader: Reader, at: number, context: MatchContext): Read<DayFound> | undefined => {
  const date = readDate(reader, at, context);
  const part = date === undefined || date.value.date === null ? undefined : readDayPart(reader, date.next);
  if (date === undefined || part === undefined) return date;
  return { value: { ...date.value, part: part.value, isLone: false }, next: part.next };
};
