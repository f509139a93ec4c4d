import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decide, type DecisionInput } from "./decision.ts";
import { noPreferences } from "./preferences.ts";

const now = Date.parse("2026-03-01T23:00:00.000Z");
const quietHours = { start: "22:00", end: "07:00" };
const input = (change: Partial<DecisionInput> = {}): DecisionInput => ({
  type: "task.reminder.triggered",
  critical: false,
  channel: "stream",
  preferences: noPreferences,
  zone: "UTC",
  now,
  outdated: undefined,
  ...change,
});
const quiet = { preferences: { ...noPreferences, quietHours } };
const until = Date.parse("2026-03-02T07:00:00.000Z");

describe("a notification on a channel", () => {
  it("is delivered when nothing is against it", () => assert.deepEqual(decide(input()), { kind: "deliver" }));

  it("is not when it is no longer so, not wanted, or not critical for someone who wants only that", () => {
    assert.deepEqual(decide(input({ outdated: "task_completed" })), { kind: "suppress", reason: "task_completed" });
    assert.deepEqual(decide(input({ type: "task.created" })), { kind: "suppress", reason: "preference" });
    const criticalOnly = { ...noPreferences, criticalOnly: true };
    assert.deepEqual(decide(input({ preferences: criticalOnly })), { kind: "suppress", reason: "critical_only" });
    assert.deepEqual(decide(input({ preferences: criticalOnly, critical: true })), { kind: "deliver" });
  });

  it("waits for the end of quiet hours, in the user's zone", () => {
    assert.deepEqual(decide(input(quiet)), { kind: "put off", until });
    assert.deepEqual(decide(input({ ...quiet, zone: "America/New_York" })), { kind: "deliver" });
    assert.deepEqual(decide(input({ ...quiet, zone: undefined })), { kind: "deliver" });
  });

  it("comes in quiet hours when it is critical, or makes no sound", () => {
    assert.deepEqual(decide(input({ ...quiet, critical: true })), { kind: "deliver" });
    assert.deepEqual(decide(input({ ...quiet, channel: "inbox" })), { kind: "deliver" });
  });

  it("that is a test comes whatever is set; a digest waits and asks nothing else", () => {
    const strict = { ...noPreferences, quietHours, criticalOnly: true, choices: { "test/stream": false } };
    assert.deepEqual(decide(input({ type: "test", preferences: strict })), { kind: "deliver" });
    assert.deepEqual(decide(input({ type: "digest", preferences: strict })), { kind: "put off", until });
    assert.deepEqual(decide(input({ type: "digest", preferences: strict, now: until })), { kind: "deliver" });
  });
});
