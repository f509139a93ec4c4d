import { fold } from "./tokens.ts";

export type Unit = "minute" | "hour" | "day" | "week" | "month" | "year";

/** What a word or a phrase can mean where dates are said. One word may have several meanings. */
export type Word =
  /** So many days from today; `lone` counts at the end only, as a weekday does. */
  | { readonly is: "day"; readonly offset: number; readonly lone?: true }
  /** 0 is Monday. */
  | { readonly is: "weekday"; readonly day: number }
  /** Several weekdays, or with `isHabit` every one: `weekday`, `mondays`. */
  | { readonly is: "weekdays"; readonly days: readonly number[]; readonly isHabit?: true }
  /** 1 is January. */
  | { readonly is: "month"; readonly month: number }
  | { readonly is: "unit"; readonly unit: Unit; readonly of?: number }
  | { readonly is: "number"; readonly value: number }
  /** The first, the second; -1 is the last. */
  | { readonly is: "ordinal"; readonly value: number }
  /** `every`, with its interval where the word has one (`every other`: 2). */
  | { readonly is: "every"; readonly interval?: number }
  /** `daily`, `fortnightly`. */
  | { readonly is: "often"; readonly unit: Unit; readonly interval: number }
  /** A time of the day; with `day`, also the day from today (`tonight`). */
  | { readonly is: "time"; readonly hour: number; readonly minute: number; readonly day?: number }
  /** `morning`: after a day, or behind `every`. */
  | { readonly is: "part"; readonly hour: number }
  /** `am`: 0, `pm`: 12. */
  | { readonly is: "half-day"; readonly add: 0 | 12 }
  /** Minutes after (or, negative, before) the hour that follows: `half past`, `quarter to`, German `halb`. */
  | { readonly is: "about"; readonly minutes: number }
  /** The last day of the running unit: `eom`. */
  | { readonly is: "last-day"; readonly unit: "week" | "month" | "year" }
  | { readonly is: Particle };

/** Words that hold a phrase together. */
export type Particle =
  | "next"
  | "this"
  | "end-of"
  | "in"
  | "from-now"
  | "at"
  | "on"
  | "by"
  | "of"
  | "and"
  | "article"
  | "o-clock"
  | "past"
  | "to"
  | "until"
  | "starting"
  | "times"
  | "for"
  | "before"
  | "remind"
  | "infinitive";

/** How a language says dates: its words, and what its people do with numbers. */
export interface Language {
  readonly name: string;
  readonly words: ReadonlyMap<string, readonly Phrase[]>;
  /** Words behind which a weekday or a month is none: `the sun`, `Black Friday`. */
  readonly notBefore: ReadonlySet<string>;
  /** How an ordinal ends in digits: `15th`, `15.`. */
  readonly ordinalSuffixes: readonly string[];
  /** `15.1.` is a date. */
  readonly hasDottedDates: boolean;
}

interface Phrase {
  /** The folded words behind the first. */
  readonly rest: readonly string[];
  readonly meanings: readonly Word[];
}

export interface LanguageTable extends Omit<Language, "words" | "notBefore"> {
  /** Phrases by what they mean; several with one meaning stand in one string, with `|` between them. */
  readonly phrases: readonly (readonly [string, Word])[];
  readonly notBefore: string;
}

/** A table, ready to be looked up by the first word of a phrase; longer phrases come first. */
export const languageOf = ({ phrases, notBefore, ...language }: LanguageTable): Language => {
  const words = new Map<string, Phrase[]>();
  for (const [texts, meaning] of phrases) for (const text of texts.split("|")) addPhrase(words, text, meaning);
  for (const list of words.values()) list.sort((one, other) => other.rest.length - one.rest.length);
  return { ...language, words, notBefore: new Set(notBefore.split(" ").map(fold)) };
};

const addPhrase = (words: Map<string, Phrase[]>, text: string, meaning: Word): void => {
  const [first = "", ...rest] = fold(text).split(" ");
  const list = words.get(first) ?? [];
  const same = list.find((phrase) => phrase.rest.join(" ") === rest.join(" "));
  words.set(first, [
    ...list.filter((phrase) => phrase !== same),
    { rest, meanings: [...(same?.meanings ?? []), meaning] },
  ]);
};
