import type { CivilDate } from "../civil.ts";
import type { Match } from "./matches.ts";
import type { Reader } from "./reader.ts";
import { repeatProblem } from "./repeats.ts";

const isLone = (match: Match): boolean =>
  "isLone" in Object(match.value) && (match.value as { isLone: boolean }).isLone;

const isProblem = ({ value }: Match): boolean => typeof value === "object" && "problem" in value;

/** What is taken from the title, and what looks like a date or a time and is none. */
export interface Chosen {
  readonly taken: readonly Match[];
  readonly refused: readonly Match[];
}

/**
 * What of all that could be meant is meant. A lone word counts only at the end of the text, or beside something that is
 * sure. There is one date, one time and one repeat: the last of each that is sure, else the last.
 */
export const choose = (reader: Reader, matches: readonly Match[], today: CivilDate): Chosen => {
  const possible = matches.filter((match) => !isName(reader, match));
  const standing = standingOf(reader, possible);
  const sound = standing.filter((match) => !isProblem(match));
  const taken = onlyOneOfEach(sound).filter((match) => repeatProblemOf(match, today) === undefined);
  const refused = standing.filter((match) => isProblem(match) || repeatProblemOf(match, today) !== undefined);
  return { taken: leavesTitle(reader, taken) ? taken : [], refused };
};

const repeatProblemOf = (match: Match, today: CivilDate): string | undefined =>
  match.kind === "repeat" ? repeatProblem(match.value, today) : undefined;

/** What is sure, and what is lone and stands where it counts. */
const standingOf = (reader: Reader, possible: readonly Match[]): readonly Match[] => {
  const standing = new Set(possible.filter((match) => !isLone(match)));
  let waiting = possible.filter(isLone);
  for (;;) {
    const end = endOfTitle(reader, standing);
    const beside = placesBeside(reader, standing);
    const more = waiting.filter((match) => reaches(reader, match, end) || beside(match));
    if (more.length === 0) return possible.filter((match) => standing.has(match));
    for (const match of more) standing.add(match);
    waiting = waiting.filter((match) => !standing.has(match));
  }
};

const SIGN = /^[,.;:!?…)\]}-]$/;

/** The first token behind which there is nothing but signs and what is taken. */
const endOfTitle = (reader: Reader, standing: ReadonlySet<Match>): number => {
  const starts = new Map([...standing].map((match) => [match.next, match.at]));
  let end = reader.tokens.length;
  for (;;) {
    const start = starts.get(end);
    if (start !== undefined) end = start;
    else if (end > 0 && SIGN.test(reader.tokens[end - 1]?.text ?? "")) end -= 1;
    else return end;
  }
};

/** Whether nothing but signs lies between a match and the end of the title. */
const reaches = (reader: Reader, { next }: Match, end: number): boolean => {
  let at = next;
  while (at < end && SIGN.test(reader.tokens[at]?.text ?? "")) at += 1;
  return at >= end;
};

/** Directly before or behind a sure date, time or repeat: `tom 9am`, `9am friday call Bob`. */
const placesBeside = (reader: Reader, standing: ReadonlySet<Match>): ((match: Match) => boolean) => {
  const dated = [...standing].filter(({ kind }) => kind === "date" || kind === "time" || kind === "repeat");
  const begins = new Map(dated.map((match) => [match.at, match]));
  const ends = new Map(dated.map((match) => [match.next, match]));
  return ({ kind, at, next }) => {
    const before = ends.get(at) ?? (reader.sign(at - 1, ",") ? ends.get(at - 1) : undefined);
    const behind = begins.get(next) ?? (reader.sign(next, ",") ? begins.get(next + 1) : undefined);
    return [before, behind].some((match) => match !== undefined && match.kind !== kind);
  };
};

/** "Call Tom", "the sun", "Black Friday", "Tomorrow Never Dies": a word that is a name or a thing. */
const isName = (reader: Reader, match: Match): boolean => {
  if (match.kind === "date" && match.at === 0 && isHeading(reader, match)) return true;
  if (!isLone(match)) return false;
  const before = reader.tokens[match.at - 1];
  const first = reader.tokens[match.at];
  if (before !== undefined && reader.language.notBefore.has(before.folded)) return true;
  const day = reader.word(match.at, "day");
  return day?.value.lone === true && first !== undefined && first.text !== first.text.toLowerCase();
};

/** A text that begins with a day and goes on with another capital letter. */
const isHeading = ({ tokens }: Reader, { at, next }: Match): boolean =>
  /^\p{Lu}/u.test(tokens[at]?.text ?? "") && /^\p{Lu}\p{Ll}/u.test(tokens[next]?.text ?? "");

/** Of dates, times, repeats and priorities one each: the last that is sure, else the last; reminders all. */
const onlyOneOfEach = (sound: readonly Match[]): readonly Match[] => {
  const chosen = new Map<Match["kind"], Match>();
  for (const match of sound) {
    const before = chosen.get(match.kind);
    if (before === undefined || isLone(before) || !isLone(match)) chosen.set(match.kind, match);
  }
  return sound.filter((match) => match.kind === "reminder" || chosen.get(match.kind) === match);
};

/** A text that is a date and nothing else is a title. */
const leavesTitle = (reader: Reader, taken: readonly Match[]): boolean =>
  reader.tokens.some(
    (token, at) => /[\p{L}\p{N}\p{S}]/u.test(token.text) && !taken.some((match) => match.at <= at && at < match.next),
  );
