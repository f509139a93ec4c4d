import assert from "node:assert/strict";
import { test } from "node:test";
import { createEventReader } from "./event-reader.ts";

const id = "0190a1b2-0000-7000-8000-000000000001";
const now = "2026-03-01T09:00:00.000Z";
const task = {
  id,
  user_id: id,
  title: "Pay rent",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: null,
  due_at: null,
  version: 1,
  created_at: now,
  updated_at: now,
  completed_at: null,
  deleted_at: null,
};
const event = {
  event_type: "task.created",
  event_id: id,
  timestamp: now,
  version: "1.0.0",
  actor_id: id,
  actor_kind: "person",
  user_id: id,
  sequence: 1,
  correlation_id: "c",
  task_id: id,
  task,
  changes: { title: { old: null, new: "Pay rent" } },
  time_zone: "Europe/Zurich",
};
const read = createEventReader();

void test("a valid event is taken as it is", () => {
  assert.deepEqual(read(event), { event });
});

void test("fields that a later minor version adds are let through", () => {
  const later = { ...event, version: "1.9.0", mood: "good", task: { ...task, colour: "red" } };
  assert.deepEqual(read(later), { event: later });
});

const refused: Readonly<Record<string, [unknown, RegExp]>> = {
  "no object": ["text", /^it is no object$/],
  nothing: [null, /^it is no object$/],
  "no type": [{}, /^event_type undefined is unknown$/],
  "a type of nobody's": [{ ...event, event_type: "__proto__" }, /^event_type "__proto__" is unknown$/],
  "another major version": [{ ...event, version: "2.0.0" }, /^it has version 2\.0\.0, and version 1 is understood$/],
  "a field that lacks": [{ ...event, task: undefined }, /task/],
  "a field of another type": [{ ...event, sequence: "1" }, /^sequence must be integer$/],
  "a field within the task": [{ ...event, task: { ...task, priority: "huge" } }, /^task\.priority must be/],
};

for (const [name, [data, reason]] of Object.entries(refused)) {
  void test(`${name} is refused with a reason that names it`, () => {
    const answer = read(data);
    assert.ok("reason" in answer);
    assert.match(answer.reason, reason);
  });
}
