import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { followEdit, readParts, writeParts } from "./literal-parts.ts";

const partOf = (line: string, word: string) => ({ start: line.indexOf(word), end: line.indexOf(word) + word.length });
const wordsAfter = (before: string, word: string, after: string): string[] =>
  followEdit([partOf(before, word)], before, after).map(({ start, end }) => after.slice(start, end));

describe("a literal part", () => {
  it("stays with its word when something before or behind it changes", () => {
    assert.deepEqual(wordsAfter("call tomorrow", "tomorrow", "call me tomorrow"), ["tomorrow"]);
    assert.deepEqual(wordsAfter("call tomorrow", "tomorrow", "call tomorrow!"), ["tomorrow"]);
    assert.deepEqual(wordsAfter("please call tomorrow", "tomorrow", "call tomorrow"), ["tomorrow"]);
  });

  it("is given up when the word itself changes, or goes", () => {
    assert.deepEqual(wordsAfter("call tomorrow", "tomorrow", "call tomor"), []);
    assert.deepEqual(wordsAfter("call tomorrow", "tomorrow", "call tommorrow"), []);
    assert.deepEqual(wordsAfter("call tomorrow", "tomorrow", ""), []);
  });

  it("is the same word after any edit, or none", () => {
    const words = fc.array(fc.constantFrom("a", "b", " ", "tomorrow"), { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(words, words, words, words, (head, tail, newHead, newTail) => {
        const before = `${head}friday${tail}`;
        const part = { start: head.length, end: head.length + 6 };
        const after = `${newHead}friday${newTail}`;
        for (const { start, end } of followEdit([part], before, after)) assert.equal(after.slice(start, end), "friday");
      }),
    );
  });

  it("is kept as text", () => {
    const parts = [
      { start: 0, end: 5 },
      { start: 9, end: 14 },
    ];
    assert.deepEqual(readParts(writeParts(parts)), parts);
    assert.deepEqual(readParts(), []);
  });
});
