import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { joinHead } from "./join-head.ts";

const entry = (minute: number, title = ""): AuditEntry =>
  ({
    event_id: `event-${minute}`,
    timestamp: `2027-03-10T08:${String(minute).padStart(2, "0")}:00.000Z`,
    task_title: title,
  }) as AuditEntry;
const minutes = (entries: readonly AuditEntry[] | null) =>
  entries?.map(({ event_id }) => Number(event_id.slice("event-".length))) ?? null;

test("what is new comes before what is known, each once", () => {
  assert.deepEqual(minutes(joinHead([entry(9), entry(8), entry(7)], [entry(8), entry(7), entry(6)])), [9, 8, 7, 6]);
  assert.deepEqual(minutes(joinHead([entry(2), entry(1)], [])), [2, 1]);
});

test("an entry that was late takes its place among the known ones", () => {
  assert.deepEqual(minutes(joinHead([entry(9), entry(7), entry(6)], [entry(9), entry(6), entry(5)])), [9, 7, 6, 5]);
});

test("an entry that both have is taken anew", () => {
  assert.equal(joinHead([entry(8, "new")], [entry(8, "old")])?.[0]?.task_title, "new");
});

test("pages that do not meet leave a gap, and are not joined", () => {
  assert.equal(joinHead([entry(9)], [entry(5)]), null);
});
