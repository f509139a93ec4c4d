import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createKeyedHash } from "../../src/adapters/auth/keyed-hash.ts";
import { DomainError } from "../../src/contract/problem.ts";
import { createUndoHandles } from "../../src/services/chat-api/tasks/undo-handle.ts";

const secret = "a secret of at least thirty-two bytes";
const handles = createUndoHandles(createKeyedHash(secret));
const ada = "0198c6b2-0000-7000-8000-000000000001";
const bob = "0198c6b2-0000-7000-8000-000000000002";

const assertNone = (handle: string, userId = ada): void => {
  assert.throws(
    () => handles.read(userId, handle),
    (error) => error instanceof DomainError && error.code === "not_found",
    JSON.stringify(handle),
  );
};

const ranges = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 99_999 }))
  .map(([first, more]) => ({ first, last: first + more }));

describe("an undo handle", () => {
  it("is read as the range it was made of, by every process with the secret, and fits into a path", () => {
    const elsewhere = createUndoHandles(createKeyedHash(secret));
    fc.assert(
      fc.property(ranges, (range) => {
        assert.deepEqual(elsewhere.read(ada, handles.write(ada, range)), range);
        assert.match(handles.write(ada, range), /^[\w-]{1,100}$/);
      }),
    );
  });

  it("is none for another user, or of another secret", () => {
    const range = { first: 1, last: 1 };
    assertNone(handles.write(bob, range));
    assertNone(createUndoHandles(createKeyedHash(`${secret}!`)).write(ada, range));
  });

  it("is none when a byte of it is another", () => {
    const given = Buffer.from(handles.write(ada, { first: 12, last: 15 }), "base64url");
    for (let at = 0; at < given.length; at += 1)
      for (const bit of [1, 2, 4, 8]) {
        const tampered = Buffer.from(given);
        tampered[at] = (tampered[at] ?? 0) ^ bit;
        assertNone(tampered.toString("base64url"));
      }
  });

  it("is none without its keyed hash, as handles once were", () => {
    for (const range of ["1-1", "1-99", "5000-5001"]) assertNone(Buffer.from(range).toString("base64url"));
    for (const handle of ["", "x", "%", "../..", "\u0000", "1-2", "x".repeat(100)]) assertNone(handle);
  });

  it("never does anything but answer a range or refuse", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assertNone(text)));
  });
});
