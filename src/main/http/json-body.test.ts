import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isDeep } from "./json-body.ts";

const lists = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("the levels of a JSON text", () => {
  it("may be 64", () => {
    for (const nested of [lists, objects])
      assert.deepEqual(
        [64, 65, 100_000].map((levels) => isDeep(nested(levels))),
        [false, true, true],
      );
  });

  it("are no brackets in texts, whatever is escaped there", () => {
    const brackets = "[".repeat(1_000);
    for (const text of [brackets, `"${brackets}`, `${brackets}\\`, `\\"${brackets}`, `\\\\"${brackets}`])
      assert.equal(isDeep(JSON.stringify({ title: text, more: [text] })), false);
    const texts = fc.string({ unit: fc.constantFrom('"', "\\", "[", "{", "x"), minLength: 70, maxLength: 200 });
    fc.assert(fc.property(texts, (text) => assert.equal(isDeep(JSON.stringify([text])), false)));
  });

  it("are counted after texts too", () => {
    const texts = fc.string({ unit: fc.constantFrom('"', "\\", "]", "}", "x") });
    fc.assert(fc.property(texts, (text) => assert.equal(isDeep(`[${JSON.stringify(text)},${lists(64)}]`), true)));
  });

  it("of a broken text end with it", () => {
    assert.equal(isDeep(`"${"[".repeat(1_000)}`), false);
    assert.equal(isDeep("[".repeat(1_000)), true);
  });
});
