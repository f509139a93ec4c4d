import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DomainError } from "../../../contract/problem.ts";
import { readUndoHandle, undoHandle } from "./undo-handle.ts";

const isNotFound = (error: unknown): boolean => error instanceof DomainError && error.code === "not_found";

describe("an undo handle", () => {
  it("is read as the range it was made of, and fits into a path", () => {
    const ranges = fc
      .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 9_999 }))
      .map(([first, more]) => ({ first, last: first + more }));
    fc.assert(
      fc.property(ranges, (range) => {
        assert.deepEqual(readUndoHandle(undoHandle(range)), range);
        assert.match(undoHandle(range), /^[\w-]{1,100}$/);
      }),
    );
  });

  const made = (text: string): string => Buffer.from(text).toString("base64url");
  const foreign = [
    "",
    "x",
    "%",
    "../..",
    made(""),
    made("1"),
    made("0-1"),
    made("2-1"),
    made("-1-1"),
    made("1-1-1"),
    made("1-10001"),
    made("1e3-1e3"),
    made("1-9999999999999999"),
    made("1-2\n"),
    made(" 1-2"),
    "\u0000",
    "1-2",
  ];
  for (const handle of foreign)
    it(`${JSON.stringify(handle)} is none that a write gave`, () =>
      assert.throws(() => readUndoHandle(handle), isNotFound));

  it("never does anything but answer a range or refuse", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          const { first, last } = readUndoHandle(text);
          assert.ok(first >= 1 && last >= first);
        } catch (error) {
          assert.ok(isNotFound(error));
        }
      }),
    );
  });
});
