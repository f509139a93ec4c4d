import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mergeText } from "./merge-text.ts";

const lines = (...text: string[]): string => text.join("\n");

test("changes of different lines are both in the text", () => {
  const base = lines("Milk", "Bread", "Eggs");
  assert.deepEqual(mergeText(base, lines("Oat milk", "Bread", "Eggs"), lines("Milk", "Bread", "Six eggs")), {
    text: lines("Oat milk", "Bread", "Six eggs"),
    hasBoth: false,
  });
});

test("what both added at one place is in the text, theirs first, and is no contradiction", () => {
  assert.deepEqual(mergeText("Milk", lines("Milk", "Tea"), lines("Milk", "Salt")), {
    text: lines("Milk", "Salt", "Tea"),
    hasBoth: false,
  });
  assert.deepEqual(mergeText("", "Two nights", "Three nights"), {
    text: lines("Three nights", "Two nights"),
    hasBoth: false,
  });
});

test("a line that both changed stands in both versions, and that is said", () => {
  assert.deepEqual(mergeText("Two nights", "Two nights, with breakfast", "Three nights"), {
    text: lines("Three nights", "Two nights, with breakfast"),
    hasBoth: true,
  });
});

test("a line that one changed and the other removed stays", () => {
  const base = lines("Milk", "Bread", "Eggs");
  assert.equal(
    mergeText(base, lines("Milk", "Eggs"), lines("Milk", "Rye bread", "Eggs")).text,
    lines("Milk", "Rye bread", "Eggs"),
  );
  assert.equal(
    mergeText(base, lines("Milk", "Rye bread", "Eggs"), lines("Milk", "Eggs")).text,
    lines("Milk", "Rye bread", "Eggs"),
  );
});

test("the same change on both devices is one change; line ends are none", () => {
  assert.deepEqual(mergeText("Milk", "Oat milk", "Oat milk"), { text: "Oat milk", hasBoth: false });
  assert.equal(mergeText("a\r\nb", "a\nb\nc", "a\r\nb").text, "a\nb\nc");
});

test("texts that have nothing in common are both kept whole", () => {
  const text = (first: number): string =>
    Array.from({ length: 2500 }, (_, step) => String.fromCharCode(first + step)).join("\n");
  const merged = mergeText(text(300), text(3000), text(6000));
  assert.deepEqual(merged, { text: `${text(6000)}\n${text(3000)}`, hasBoth: true });
});

const text = fc.array(fc.constantFrom("a", "b", "c", "", "d"), { maxLength: 8 }).map((each) => each.join("\n"));

test("of any three texts: what one did alone is the result, and no line that was written is missing", () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      assert.equal(mergeText(base, base, theirs).text, theirs);
      assert.equal(mergeText(base, mine, base).text, mine);
      const merged = new Set(mergeText(base, mine, theirs).text.split("\n"));
      const old = new Set(base.split("\n"));
      for (const line of [...mine.split("\n"), ...theirs.split("\n")])
        assert.ok(line === "" || old.has(line) || merged.has(line), `“${line}” is missing`);
    }),
  );
});

test("merged once more with what the server has now, a merged text stays as it is", () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      const merged = mergeText(base, mine, theirs).text;
      assert.equal(mergeText(theirs, merged, theirs).text, merged);
      assert.deepEqual(mergeText(base, merged, merged), { text: merged, hasBoth: false });
    }),
  );
});
