import { overlap, type Span } from "./span.ts";

/** A word, a number such as `9:30` or `15/1`, or one sign. */
export interface Token extends Span {
  readonly text: string;
  /** In lower case and without marks, as the tables of words have it; empty for what is literal. */
  readonly folded: string;
  /** Whether it stands at the beginning of the text or behind a space. */
  readonly isApart: boolean;
}

/** What a text consists of, and the backslashes that make what follows literal: they are no part of a title. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly escapes: readonly Span[];
}

/** A chunk without spaces that people paste and nobody means by halves. */
const OPAQUE = /@\w|:\/\/|^www\.|^[\w.-]+\.\w{2,}\/|^[a-z]:\\/i;
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "“": "”", "„": "“", "«": "»" };
const WORD = /[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}]|['’.:/+-](?=[\p{L}\p{N}]))*|[^\s\p{L}\p{N}\p{M}]/gu;
const ESCAPE = /^\\(?=["#+!>\p{L}\p{N}])/u;

const ASCII = /^[ -~]*$/;

export const fold = (text: string): string =>
  ASCII.test(text)
    ? text.toLowerCase()
    : text.normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll("’", "'").replaceAll("ß", "ss").toLowerCase();

/**
 * The words and signs of a text. What is in quotes, behind a backslash, an address, or in one of the spans `literal`
 * is one token that no word matches.
 */
export const tokensOf = (text: string, literal: readonly Span[] = []): Tokens => {
  const tokens: Token[] = [];
  const escapes: Span[] = [];
  const chunks = /\S+/g;
  for (let match = chunks.exec(text); match !== null; match = chunks.exec(text)) {
    const [chunk] = match;
    const start = match.index;
    const quoted = quoteEnd(text, start);
    if (quoted !== undefined) {
      tokens.push(opaque(text, start, quoted));
      chunks.lastIndex = quoted;
    } else if (ESCAPE.test(chunk)) {
      escapes.push({ start, end: start + 1 });
      tokens.push(opaque(text, start + 1, start + chunk.length));
    } else if (OPAQUE.test(chunk)) tokens.push(opaque(text, start, start + chunk.length));
    else tokens.push(...wordsOf(chunk, start));
  }
  return {
    tokens: tokens.map((token) => (literal.some((span) => overlap(span, token)) ? asLiteral(token) : token)),
    escapes,
  };
};

/** Where a quotation that begins here ends; undefined where none does. An apostrophe is no quote. */
const quoteEnd = (text: string, start: number): number | undefined => {
  const closing = QUOTES[text.charAt(start)];
  const end = closing === undefined ? -1 : text.indexOf(closing, start + 1);
  return end > start + 1 ? end + 1 : undefined;
};

const opaque = (text: string, start: number, end: number): Token => ({
  text: text.slice(start, end),
  folded: "",
  isApart: true,
  start,
  end,
});

const asLiteral = (token: Token): Token => ({ ...token, folded: "" });

const wordsOf = (chunk: string, offset: number): Token[] =>
  [...chunk.matchAll(WORD)].map(({ 0: text, index }) => ({
    text,
    folded: fold(text),
    isApart: index === 0,
    start: offset + index,
    end: offset + index + text.length,
  }));
