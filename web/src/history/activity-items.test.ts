import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { activityItems } from "./activity-items.ts";

const entry = (sequence: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  event_id: `event-${sequence}`,
  event_type: "task.created",
  task_id: `task-${sequence}`,
  task_title: `Task ${sequence}`,
  task_version: 1,
  user_id: "user",
  actor: { kind: "person", id: "user", name: "Ada" },
  timestamp: "2027-03-10T08:00:00.000Z",
  sequence,
  changes: {},
  correlation_id: `request-${sequence}`,
  hash: "00",
  ...changes,
});
const keys = (entries: readonly AuditEntry[], { zone = "UTC", open = [] as string[] } = {}): string[] =>
  activityItems(entries, zone, new Set(open)).map(({ key }) => key);

test("entries stand under their day in the user's zone", () => {
  const late = entry(2, { timestamp: "2027-03-10T23:30:00.000Z" });
  assert.deepEqual(keys([late, entry(1)]), ["2027-03-10", "event-2", "event-1"]);
  assert.deepEqual(keys([late, entry(1)], { zone: "Europe/Berlin" }), [
    "2027-03-11",
    "event-2",
    "2027-03-10",
    "event-1",
  ]);
});

test("a move to another zone is one item, however many tasks follow", () => {
  const moved = (sequence: number): AuditEntry =>
    entry(sequence, {
      event_type: "task.updated",
      correlation_id: "request",
      changes: { due_at: { old: "a", new: "b" }, time_zone: { old: "Europe/Berlin", new: "Europe/Lisbon" } },
    });
  assert.deepEqual(keys([moved(3), moved(2), entry(1)]), ["2027-03-10", "many-event-2", "event-1"]);
  assert.deepEqual(keys([moved(2), entry(1)]), ["2027-03-10", "many-event-2", "event-1"]);
});

test("what one request did to three tasks or more is one item, that unfolds", () => {
  const together = [4, 3, 2].map((sequence) => entry(sequence, { correlation_id: "request" }));
  assert.deepEqual(keys([...together, entry(1)]), ["2027-03-10", "many-event-2", "event-1"]);
  assert.deepEqual(keys(together, { open: ["many-event-2"] }), [
    "2027-03-10",
    "many-event-2",
    "event-4",
    "event-3",
    "event-2",
  ]);
  assert.deepEqual(keys(together.slice(1)), ["2027-03-10", "event-3", "event-2"], "two stay two");
});

test("one request that did different things, or reaches over midnight, is not one item", () => {
  const mixed = [entry(4, { event_type: "task.completed" }), entry(3), entry(2)].map((each) => ({
    ...each,
    correlation_id: "request",
  }));
  assert.deepEqual(keys(mixed), ["2027-03-10", "event-4", "event-3", "event-2"]);
  const overMidnight = [entry(3, { timestamp: "2027-03-11T00:00:00.000Z" }), entry(2), entry(1)].map((each) => ({
    ...each,
    correlation_id: "request",
  }));
  assert.deepEqual(keys(overMidnight), ["2027-03-11", "event-3", "2027-03-10", "event-2", "event-1"]);
});

test("nothing is nothing", () => {
  assert.deepEqual(keys([]), []);
});
