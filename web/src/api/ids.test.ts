import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "./ids.ts";

test("an id is a canonical UUIDv7 of its millisecond (the moment of RFC 9562 A.6)", () => {
  const id = newId(Date.parse("2022-02-22T14:22:22-05:00"), new Uint8Array(10).fill(0xff));
  assert.equal(id, "017f22e2-79b0-7fff-bfff-ffffffffffff");
});

test("ids of later milliseconds sort later", () => {
  const ids = [3, 1, 2].map((ms) => newId(Date.UTC(2026, 2, 1) + ms));
  assert.deepEqual(ids.toSorted(), [ids[1], ids[2], ids[0]]);
});

test("ids made at once keep their order", () => {
  const ids = Array.from({ length: 500 }, () => newId());
  assert.deepEqual(ids.toSorted(), ids);
});

test("two ids of one millisecond differ", () => {
  assert.notEqual(newId(1), newId(1));
});
