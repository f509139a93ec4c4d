import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError } from "../../contract/problem.ts";
import { readCursor, writeCursor } from "./cursor.ts";

const ids = { reminderId: "0194f0c2-0000-7000-8000-000000000001", taskId: "0194f0c2-0000-7000-8000-000000000002" };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("the cursor of a list of reminders", () => {
  it("is read as it was written", () => {
    for (const at of ["2026-03-01T08:00:00.000Z", null])
      assert.deepEqual(readCursor(writeCursor({ at, ...ids })), { at, ...ids });
  });

  const others: readonly unknown[] = [
    null,
    {},
    [],
    ["log", "2026-03-01T08:00:00.000Z", ids.taskId],
    ["2026-03-01", ids.reminderId, ids.taskId],
    ["soon", ids.reminderId, ids.taskId],
    [null, "'; DROP TABLE", ids.taskId],
    [null, ids.reminderId],
    [0, ids.reminderId, ids.taskId],
    ["+020260-03-01T08:00:00.000Z", ids.reminderId, ids.taskId],
  ];
  for (const other of others) {
    it(`is not ${JSON.stringify(other)}`, () =>
      assert.throws(
        () => readCursor(encode(other)),
        (error) => error instanceof DomainError && error.code === "invalid_cursor",
      ));
  }

  it("is no other text", () => assert.throws(() => readCursor("%%%"), DomainError));
});
