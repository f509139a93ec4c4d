import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../../src/contract/task.ts";
import { comingOf, shownOf } from "./coming.ts";

const series = (fields: Partial<Task> = {}): Task => ({
  id: "a",
  user_id: "u",
  title: "Water the plants",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: "2027-03-01T09:00",
  due_at: null,
  version: 1,
  created_at: "",
  updated_at: "",
  completed_at: null,
  deleted_at: null,
  recurrence_pattern: "custom:3d",
  recurrence_basis: "schedule",
  ...fields,
});
const completion = (fields: Partial<Task> = {}): Task => series({ recurrence_basis: "completion", ...fields });
const today = "2027-03-12";

test("by schedule: four dates after the occurrence, from where the series began", () => {
  const coming = comingOf(
    series({ recurrence_end_date: "2027-04-01", recurrence_time_zone: "Europe/London" }),
    "2027-03-10T09:00",
    today,
  );
  assert.deepEqual(coming?.query, {
    pattern: "custom:3d",
    due_date: "2027-03-01T09:00",
    count: 5,
    from: "2027-03-10",
    end_date: "2027-04-01",
    time_zone: "Europe/London",
  });
  const answered = [
    "2027-03-10T09:00",
    "2027-03-13T09:00",
    "2027-03-16T09:00",
    "2027-03-19T09:00",
    "2027-03-22T09:00",
    "2027-03-25T09:00",
  ];
  assert.deepEqual(shownOf(coming, answered), answered.slice(1, 5));
});

test("by completion: the pattern read anew from today, at the series' time of day", () => {
  const coming = comingOf(completion(), "2027-03-10T09:00", today);
  assert.deepEqual(coming?.query, { pattern: "custom:3d", due_date: "2027-03-12T09:00", count: 2, from: "2027-03-12" });
  assert.deepEqual(shownOf(coming, ["2027-03-12T09:00", "2027-03-15T09:00"]), ["2027-03-15T09:00"]);
});

test("by completion, done early: the next date is later than the occurrence too", () => {
  const coming = comingOf(completion({ due_date: "2027-03-01" }), "2027-03-14", today);
  assert.deepEqual(coming?.query, { pattern: "custom:3d", due_date: "2027-03-12", count: 2, from: "2027-03-14" });
  assert.deepEqual(shownOf(coming, ["2027-03-14", "2027-03-15"]), ["2027-03-15"]);
});

test("what a pause passes over is not announced", () => {
  assert.equal(
    comingOf(series({ recurrence_paused_until: "2027-05-01" }), "2027-03-10T09:00", today)?.query.from,
    "2027-05-01",
  );
  assert.equal(
    comingOf(series({ recurrence_paused_until: "2027-01-01" }), "2027-03-10T09:00", today)?.query.from,
    "2027-03-10",
  );
});

test("what has ended, or has no date, has none to come", () => {
  assert.equal(comingOf(series({ recurrence_pattern: null }), "2027-03-10", today), null);
  assert.equal(comingOf(series({ due_date: null }), "2027-03-10", today), null);
});
