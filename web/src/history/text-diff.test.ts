import assert from "node:assert/strict";
import { test } from "node:test";
import { type Piece, textDiff } from "./text-diff.ts";

const marked = (pieces: readonly Piece[]): string => {
  const marks = {
    same: (text: string) => text,
    added: (text: string) => `[+${text}]`,
    removed: (text: string) => `[-${text}]`,
    gap: () => "…",
  };
  return pieces.map(({ kind, text }) => marks[kind](text)).join("");
};
const diff = (old: string, now: string): string => marked(textDiff(old, now));

test("words that differ are marked, the others stay", () => {
  assert.equal(diff("Call the landlord", "Call the new landlord"), "Call the [+new ]landlord");
  assert.equal(diff("Pay rent in March", "Pay rent in April"), "Pay rent in [-March][+April]");
  assert.equal(diff("Pay rent", "Pay rent"), "Pay rent");
});

test("words that were replaced one after the other are one replacement", () => {
  assert.equal(
    diff("Call Tom on Monday about it", "Call Mary Ann soon about it"),
    "Call [-Tom on Monday][+Mary Ann soon] about it",
  );
  assert.equal(diff("one two", "one, two"), "one[+,] two");
});

test("from nothing, and to nothing", () => {
  assert.equal(diff("", "Near the station"), "[+Near the station]");
  assert.equal(diff("Near the station", ""), "[-Near the station]");
});

test("a language without spaces is compared by its words, not as one", () => {
  assert.equal(diff("東京のホテル", "京都のホテル"), "[-東京][+京都]のホテル");
});

test("nothing of either text is lost where nothing is left out", () => {
  const [old, now] = ["a  b\n\nc", "a b\n\n\nc d"];
  const pieces = textDiff(old, now);
  const textOf = (without: Piece["kind"]): string =>
    pieces
      .filter(({ kind }) => kind !== without)
      .map(({ text }) => text)
      .join("");
  assert.deepEqual([textOf("added"), textOf("removed")], [old, now]);
});

test("what is the same far from a change is left out, at the end of a word", () => {
  const long = "word ".repeat(100);
  const shown = diff(`${long}old ${long}`, `${long}new ${long}`);
  assert.match(shown, /^…(word ){11,12}\[-old\]\[\+new\]( word){11,12}…$/);
});

test("two texts that have nothing in common are told whole, and at once", () => {
  const words = (letter: string): string => Array.from({ length: 1200 }, (_, index) => `${letter}${index}`).join("·");
  assert.deepEqual(textDiff(words("a"), words("b")), [
    { kind: "removed", text: words("a") },
    { kind: "added", text: words("b") },
  ]);
});
