import type { Token } from "./tokens.ts";
import type { Language, Word } from "./words.ts";

/** Something that was read from one token to another. */
export interface Read<Value> {
  readonly value: Value;
  /** The index of the token behind it. */
  readonly next: number;
}

type Kind = Word["is"];
type WordOf<K extends Kind> = Extract<Word, { readonly is: K }>;

/** Looks words up at a place of a text. */
export interface Reader {
  readonly tokens: readonly Token[];
  readonly language: Language;
  /** The longest phrase here that can mean this. */
  word<K extends Kind>(at: number, kind: K): Read<WordOf<K>> | undefined;
  /** Behind a word of this kind, if there is one here. */
  skip(at: number, ...kinds: readonly Kind[]): number;
  /** Whether a sign stands here. */
  sign(at: number, sign: string): boolean;
  /** Whether anything that can be understood begins here. */
  begins(at: number): boolean;
  /** What a pattern finds in the whole token. */
  match(at: number, pattern: RegExp): RegExpExecArray | undefined;
}

export const createReader = (tokens: readonly Token[], language: Language): Reader => {
  const phrases = tokens.map(({ folded }) => language.words.get(folded));
  const stands = (rest: readonly string[], at: number): boolean =>
    rest.every((word, index) => tokens[at + index]?.folded === word);

  const word = <K extends Kind>(at: number, kind: K): Read<WordOf<K>> | undefined => {
    for (const { rest, meanings } of phrases[at] ?? []) {
      const meaning = meanings.find((each): each is WordOf<K> => each.is === kind);
      if (meaning !== undefined && stands(rest, at + 1)) return { value: meaning, next: at + 1 + rest.length };
    }
    return undefined;
  };

  return {
    tokens,
    language,
    word,
    skip: (at, ...kinds) => kinds.reduce((place, kind) => word(place, kind)?.next ?? place, at),
    sign: (at, sign) => tokens[at]?.text === sign && tokens[at].folded !== "",
    begins: (at) => phrases[at] !== undefined || /[\d!]/.test(tokens[at]?.folded ?? ""),
    match: (at, pattern) => pattern.exec(tokens[at]?.folded ?? "") ?? undefined,
  };
};

/** The first of these that can be read. */
export const firstOf = <Value>(...reads: readonly (() => Read<Value> | undefined)[]): Read<Value> | undefined => {
  for (const read of reads) {
    const found = read();
    if (found !== undefined) return found;
  }
  return undefined;
};
