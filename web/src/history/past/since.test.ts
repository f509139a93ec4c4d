import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../../src/contract/task.ts";
import { changedSince, countCome } from "./since.ts";

const then: Task = {
  id: "a",
  user_id: "u",
  title: "Pay rent",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: "2027-03-10",
  due_at: null,
  version: 1,
  created_at: "2027-03-01T08:00:00Z",
  updated_at: "2027-03-01T08:00:00Z",
  completed_at: null,
  deleted_at: null,
};
const kinds = (fields: Partial<Task>): string[] => changedSince(then, { ...then, ...fields }).map(({ kind }) => kind);

test("what is the same has no mark, whatever its version", () => {
  assert.deepEqual(kinds({ version: 7, updated_at: "2027-03-09T08:00:00Z", description: "" }), []);
});

test("each field that differs says what it is now", () => {
  assert.deepEqual(
    changedSince(then, {
      ...then,
      title: "Pay the rent",
      due_date: "2027-03-12T09:00",
      priority: "high",
      description: "By card",
    }),
    [
      { kind: "title", title: "Pay the rent" },
      { kind: "due", due: "2027-03-12T09:00" },
      { kind: "priority", priority: "high" },
      { kind: "description" },
    ],
  );
  assert.deepEqual(kinds({ due_date: null }), ["noDue"]);
});

test("of what is done or gone only that is said", () => {
  const renamed = { title: "Pay the rent" };
  assert.deepEqual(kinds({ ...renamed, status: "completed", completed: true }), ["completed"]);
  assert.deepEqual(kinds({ ...renamed, completed: true, occurrence_outcome: "skipped" }), ["skipped"]);
  assert.deepEqual(kinds({ ...renamed, deleted_at: "2027-03-09T08:00:00Z" }), ["trashed"]);
  assert.deepEqual(kinds({ deleted_at: "2027-03-09T08:00:00Z", occurrence_outcome: "withdrawn" }), ["gone"]);
  assert.deepEqual(kinds({ recurrence_rule: "FREQ=DAILY" }), ["series"]);
  assert.deepEqual(changedSince(then, undefined), [{ kind: "gone" }]);
});

test("what has come since is what is open and was made later", () => {
  const made = (created_at: string, fields: Partial<Task> = {}): Task => ({ ...then, created_at, ...fields });
  const later = "2027-03-09T12:00:00.001Z";
  const tasks = [
    made(then.created_at),
    made(later),
    made(later, { completed: true }),
    made(later, { deleted_at: later }),
    made(later, { recurrence_rule: "FREQ=DAILY" }),
  ];
  assert.equal(countCome(tasks, "2027-03-09T12:00:00Z"), 1);
});
