import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../src/contract/task.ts";
import { putBack } from "./put-back.ts";

const task: Task = {
  id: "a",
  user_id: "u",
  title: "Pay rent",
  description: null,
  status: "pending",
  completed: false,
  priority: "low",
  due_date: "2026-04-01",
  due_at: null,
  version: 1,
  created_at: "2026-03-01T08:00:00.000Z",
  updated_at: "2026-03-01T08:00:00.000Z",
  completed_at: null,
  deleted_at: null,
};

const shown = (before: Task | null, left: Task | null, now: Task | null): Task | null | undefined =>
  putBack(
    { before: [{ id: "a", task: before }], left: [{ id: "a", task: left }] },
    new Map(now === null ? [] : [["a", now]]),
  )[0]?.task;

test("what is taken back shows its own fields as they were, and the others as they are now", () => {
  const left: Task = { ...task, priority: "high", due_date: "2026-05-05" };
  const now: Task = { ...left, title: "Rent", version: 3, status: "completed", completed: true };
  assert.deepEqual(shown(task, left, now), { ...now, priority: "low", due_date: "2026-04-01" });
});

test("what was added goes, what went comes back", () => {
  assert.equal(shown(null, task, { ...task, title: "Rent" }), null);
  assert.equal(shown(task, null, null), task);
});

test("what showed no change of its own shows what was there before", () => {
  assert.equal(shown(task, task, { ...task, title: "Rent" }), task);
});
