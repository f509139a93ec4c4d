import assert from "node:assert/strict";
import { test } from "node:test";
import type { TaskReminder } from "../../../../src/contract/reminder.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { countWaiting, isPastSnooze, sortedReminders, standingOf, waitingOf, written } from "./reminders.ts";

const now = "2027-03-10T08:40:00.000Z";
const reminder = (fields: Partial<TaskReminder>): TaskReminder => ({
  id: "one",
  offset: "PT15M",
  remind_at: "2027-03-10T09:00:00.000Z",
  set_at: "2027-03-01T08:00:00.000Z",
  snoozed_from: null,
  acknowledged_at: null,
  ...fields,
});
const task = (reminders: TaskReminder[], fields: Partial<Task> = {}): Task => ({
  id: "task",
  user_id: "user",
  title: "Call",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: "2027-03-10T09:15",
  due_at: null,
  version: 1,
  created_at: now,
  updated_at: now,
  completed_at: null,
  deleted_at: null,
  reminders,
  ...fields,
});
const standing = (fields: Partial<TaskReminder>, of: Partial<Task> = {}): string =>
  standingOf(reminder(fields), task([], of), now);

test("a reminder waits until its moment, and is given from then on", () => {
  assert.equal(standing({}), "waiting");
  assert.equal(standing({ remind_at: now }), "given");
  assert.equal(standing({ remind_at: "2027-03-10T08:39:59.999Z" }), "given");
});

test("one that was set for a moment before is not given", () => {
  assert.equal(standing({ remind_at: "2027-03-01T08:00:00.000Z" }), "passed");
  assert.equal(standing({ remind_at: "2027-02-01T08:00:00.000Z" }), "passed");
});

test("one that is done with, without a moment, or of a closed task says so", () => {
  assert.equal(standing({ acknowledged_at: now }), "acknowledged");
  assert.equal(standing({ remind_at: null }), "no-date");
  assert.equal(standing({}, { completed: true }), "closed");
  assert.equal(standing({}, { deleted_at: now }), "closed");
});

test("those that wait come by their moments", () => {
  const reminders = [
    reminder({ id: "later", remind_at: "2027-03-11T09:00:00.000Z" }),
    reminder({ id: "given", remind_at: "2027-03-10T08:00:00.000Z" }),
    reminder({ id: "soon" }),
  ];
  assert.deepEqual(
    waitingOf(task(reminders), now).map(({ id }) => id),
    ["soon", "later"],
  );
  assert.deepEqual(
    sortedReminders([...reminders, reminder({ id: "none", remind_at: null })]).map(({ id }) => id),
    ["given", "soon", "later", "none"],
  );
});

test("over all tasks those that wait are counted; a series has none of its own, its occurrences have", () => {
  const tasks = [
    task([reminder({}), reminder({ id: "two" })]),
    task([reminder({})], { completed: true }),
    task([reminder({})], { recurrence_basis: "schedule", recurrence_rule: "FREQ=DAILY" }),
  ];
  assert.equal(countWaiting(tasks, now), 2);
  assert.equal(countWaiting([task([])], now), 0);
});

test("a snooze that has done its work is kept for the record alone", () => {
  assert.equal(isPastSnooze(reminder({ snoozed_from: "zero", acknowledged_at: now })), true);
  assert.equal(isPastSnooze(reminder({ snoozed_from: "zero" })), false);
  assert.equal(isPastSnooze(reminder({ acknowledged_at: now })), false);
});

test("a write names what a reminder is for, and keeps its id", () => {
  assert.deepEqual(written(reminder({})), { id: "one", offset: "PT15M", remind_at: "2027-03-10T09:00:00.000Z" });
});
