import { diffArrays } from "diff";

/** A stretch of text that both have, or that only the new or the old one has; `gap` stands for what was left out. */
export interface Piece {
  readonly kind: "same" | "added" | "removed" | "gap";
  readonly text: string;
}

/** Characters kept on either side of a change; what is left out must be worth it. */
const contextLength = 60;

/** Knows the words of languages that write without spaces, too. */
const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
const wordsOf = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** What differs between two texts, word by word. Long stretches that are the same are left out. */
export const textDiff = (old: string, now: string): Piece[] => {
  const pieces = joined(bridged(wordDiff(wordsOf(old), wordsOf(now))));
  return pieces.flatMap((piece, index) =>
    piece.kind === "same"
      ? shortened(piece.text, { isFirst: index === 0, isLast: index === pieces.length - 1 })
      : piece,
  );
};

/** Texts that differ in more words than this are told as two whole texts: to compare them would take seconds. */
const MAX_DIFFERENT_WORDS = 500;

const wordDiff = (old: string[], now: string[]): Piece[] =>
  diffArrays(old, now, { maxEditLength: MAX_DIFFERENT_WORDS })?.map(toPiece) ?? [
    { kind: "removed", text: old.join("") },
    { kind: "added", text: now.join("") },
  ];

const toPiece = ({
  value,
  added,
  removed,
}: {
  readonly value: readonly string[];
  readonly added: boolean;
  readonly removed: boolean;
}): Piece => ({
  kind: added ? "added" : removed ? "removed" : "same",
  text: value.join(""),
});

/** The space between two words that were both replaced counts as replaced: so they read as one replacement. */
const bridged = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap((piece, index): Piece[] => {
    const around = [-2, -1, 1, 2].map((step) => pieces[index + step]?.kind).join();
    const isBridge = piece.kind === "same" && piece.text.trim() === "" && around === "removed,added,removed,added";
    return isBridge
      ? [
          { kind: "removed", text: piece.text },
          { kind: "added", text: piece.text },
        ]
      : [piece];
  });

/** Of changes that follow each other: all that was removed, then all that was added. */
const joined = (pieces: readonly Piece[]): Piece[] => {
  const all: Piece[] = [];
  let [removed, added] = ["", ""];
  const flush = (): void => {
    if (removed !== "") all.push({ kind: "removed", text: removed });
    if (added !== "") all.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  for (const piece of pieces) {
    if (piece.kind === "removed") removed += piece.text;
    else if (piece.kind === "added") added += piece.text;
    else {
      flush();
      all.push(piece);
    }
  }
  flush();
  return all;
};

const shortened = (
  text: string,
  { isFirst, isLast }: { readonly isFirst: boolean; readonly isLast: boolean },
): Piece[] => {
  const head = isFirst ? 0 : contextLength;
  const tail = isLast ? 0 : contextLength;
  if (text.length <= head + tail + contextLength) return [{ kind: "same", text }];
  const pieces: Piece[] = [
    { kind: "same", text: text.slice(0, wordEnd(text, head)) },
    { kind: "gap", text: "" },
    { kind: "same", text: text.slice(wordStart(text, text.length - tail)) },
  ];
  return pieces.filter((piece) => piece.kind === "gap" || piece.text !== "");
};

/** The nearest end of a word before a place; the place itself in a text without spaces. */
const wordEnd = (text: string, at: number): number => {
  const space = text.lastIndexOf(" ", at);
  return space > at / 2 ? space : at;
};

const wordStart = (text: string, at: number): number => {
  const space = text.indexOf(" ", at);
  return space >= 0 && space < at + contextLength / 2 ? space + 1 : at;
};
