import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openingOf, placeOf } from "./cursor.ts";

test("without a cursor a stream begins at the head", () => {
  assert.deepEqual(openingOf(undefined, { head: 12, oldest: 1 }), { kind: "hello", cursor: 12 });
  assert.deepEqual(openingOf(undefined, { head: 0, oldest: 1 }), { kind: "hello", cursor: 0 });
});

test("a cursor is taken up when all that follows it is kept", () => {
  assert.deepEqual(openingOf(0, { head: 12, oldest: 1 }), { kind: "resume", cursor: 0 });
  assert.deepEqual(openingOf(4, { head: 12, oldest: 5 }), { kind: "resume", cursor: 4 });
  assert.deepEqual(openingOf(12, { head: 12, oldest: 13 }), { kind: "resume", cursor: 12 });
});

test("a cursor older than retention starts anew at the head", () => {
  assert.deepEqual(openingOf(3, { head: 12, oldest: 5 }), { kind: "resync", cursor: 12 });
  assert.deepEqual(openingOf(11, { head: 12, oldest: 13 }), { kind: "resync", cursor: 12 });
});

test("a cursor ahead of the log belongs to a database that is no more", () => {
  assert.deepEqual(openingOf(13, { head: 12, oldest: 1 }), { kind: "resync", cursor: 12 });
});

test("an opening never skips an event that is kept, and never asks for one that is not", () => {
  const range = fc
    .nat(50)
    .chain((head) => fc.record({ head: fc.constant(head), oldest: fc.integer({ min: 1, max: head + 1 }) }));
  fc.assert(
    fc.property(fc.option(fc.nat(60), { nil: undefined }), range, (since, { head, oldest }) => {
      const { kind, cursor } = openingOf(since, { head, oldest });
      assert.ok(cursor <= head && cursor >= oldest - 1);
      if (kind === "resume") assert.equal(cursor, since);
      else assert.equal(cursor, head);
    }),
  );
});

test("an event is the next one, known already, or ahead of what is missing", () => {
  assert.equal(placeOf(5, 4), "next");
  assert.equal(placeOf(4, 4), "known");
  assert.equal(placeOf(1, 4), "known");
  assert.equal(placeOf(6, 4), "ahead");
});
