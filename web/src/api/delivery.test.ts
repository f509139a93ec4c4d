import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs, nextToSend, outcomeOf } from "./delivery.ts";
import { Refused, Unreachable } from "./http.ts";
import type { Command, Operation } from "./operation.ts";

const refused = (status: number, problem = {}, retryAfterMs: number | null = null) =>
  new Refused(status, problem, retryAfterMs);

test("no answer, an overloaded server and a failing one are tried again", () => {
  assert.deepEqual(outcomeOf(new Unreachable(new TypeError("failed"))), { kind: "retry", afterMs: null });
  assert.deepEqual(outcomeOf(refused(503, {}, 2000)), { kind: "retry", afterMs: 2000 });
  assert.deepEqual(outcomeOf(refused(500)), { kind: "retry", afterMs: null });
  assert.deepEqual(outcomeOf(refused(429, {}, 1000)), { kind: "retry", afterMs: 1000 });
});

test("an ended session keeps what waits", () => {
  assert.deepEqual(outcomeOf(refused(401, { code: "session_revoked" })), { kind: "signed-out" });
});

test("a refusal says the field's message, or the problem's own words", () => {
  const ofField = refused(422, {
    code: "validation",
    detail: "long text",
    errors: [{ field: "title", message: "is too long" }],
  });
  assert.deepEqual(outcomeOf(ofField), { kind: "refused", refusal: { code: "validation", message: "is too long" } });
  const ofWhole = refused(409, { code: "undo_conflict", detail: "Pay rent has changed since" });
  assert.deepEqual(outcomeOf(ofWhole), {
    kind: "refused",
    refusal: { code: "undo_conflict", message: "Pay rent has changed since" },
  });
});

test("a fault of our own is not mistaken for a refusal", () => {
  assert.throws(() => outcomeOf(new TypeError("bug")), /bug/);
});

test("waiting doubles up to half a minute", () => {
  assert.deepEqual(
    [0, 1, 2, 10].map((attempt) => backoffMs(attempt, 0)),
    [500, 1000, 2000, 30_000],
  );
  assert.equal(backoffMs(0, 1), 375);
});

const operation = (id: string, command: Command, isRefused = false): Operation => ({
  id,
  at: "2026-03-01T09:00:00.000Z",
  userId: "u",
  command,
  ...(isRefused ? { refusal: { code: "validation", message: "no" } } : {}),
});

test("operations go in order, past what was refused", () => {
  const queue = [
    operation("1", { kind: "delete", id: "a" }, true),
    operation("2", { kind: "delete", id: "b" }),
    operation("3", { kind: "delete", id: "c" }),
  ];
  assert.equal(nextToSend(queue)?.id, "2");
  assert.equal(nextToSend([]), undefined);
});

test("a change of a task that could not be made waits with it", () => {
  const queue = [
    operation("1", { kind: "create", task: { id: "a", title: "x" } }, true),
    operation("2", { kind: "complete", id: "a" }),
    operation("3", { kind: "complete", id: "b" }),
  ];
  assert.equal(nextToSend(queue)?.id, "3");
});
