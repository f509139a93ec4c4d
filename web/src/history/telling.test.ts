import assert from "node:assert/strict";
import { test } from "node:test";
import type { Changes, EventType } from "../../../src/contract/event.ts";
import { canRevert, destinationOf, fieldChanges, happeningOf } from "./telling.ts";

const told = (event_type: EventType, changes: Changes = {}) => ({ event_type, changes });
const change = (old: unknown, now: unknown) => ({ old, new: now });

test("an entry is told by what happened to the task", () => {
  assert.equal(happeningOf(told("task.created", { title: change(null, "Rent") })), "added");
  assert.equal(happeningOf(told("task.created", { parent_recurring_task_id: change(null, "a") })), "addedNext");
  assert.equal(happeningOf(told("task.completed", { status: change("pending", "completed") })), "completed");
  assert.equal(happeningOf(told("task.deleted", { deleted_at: change(null, "2027-03-10T08:00:00Z") })), "trashed");
  assert.equal(happeningOf(told("task.deleted")), "removed");
  assert.equal(happeningOf(told("task.reminder.triggered")), "reminded");
  assert.equal(happeningOf(told("task.updated", { deleted_at: change("2027-03-10T08:00:00Z", null) })), "restored");
  assert.equal(happeningOf(told("task.updated", { status: change("completed", "pending") })), "reopened");
  assert.equal(
    happeningOf(
      told("task.updated", { status: change("pending", "completed"), occurrence_outcome: change(null, "skipped") }),
    ),
    "skipped",
  );
  assert.equal(happeningOf(told("task.updated", { priority: change("low", "high") })), "changed");
});

test("what only follows its user's clock is told as a move, also where the entry does not say where to", () => {
  const due_at = change("2027-03-12T08:00:00Z", "2027-03-12T09:00:00Z");
  const reminder = { id: "r", offset: "PT15M", acknowledged_at: null };
  const reminders = change([{ ...reminder, remind_at: "a" }], [{ ...reminder, remind_at: "b" }]);
  const time_zone = change("Europe/Berlin", "America/New_York");
  assert.equal(happeningOf(told("task.updated", { due_at, reminders, time_zone })), "moved");
  assert.equal(happeningOf(told("task.updated", { due_at, reminders })), "moved");
  assert.equal(happeningOf(told("task.updated", { reminders })), "changed");
  assert.equal(happeningOf(told("task.updated", { due_at, due_date: change(null, "2027-03-12") })), "changed");
  assert.deepEqual(destinationOf({ time_zone }), { place: "New York" });
  assert.deepEqual(destinationOf({ all_day_hour: change(9, 8) }), { hour: 8 });
  assert.equal(destinationOf({ due_at }), null);
  assert.equal(canRevert(told("task.updated", { due_at, time_zone })), false);
});

test("fields come in one order; what follows from others is left out", () => {
  const changes = {
    due_at: change(null, "2027-03-12T00:00:00Z"),
    due_date: change(null, "2027-03-12"),
    recurrence_rule: change(null, "FREQ=DAILY"),
    recurrence_text: change(null, "every day"),
    title: change("Rent", "Pay rent"),
  };
  assert.deepEqual(fieldChanges(told("task.updated", changes)), [
    { field: "title", old: "Rent", new: "Pay rent" },
    { field: "due_date", old: null, new: "2027-03-12" },
    { field: "recurrence_text", old: null, new: "every day" },
  ]);
});

test("of a new task only what is not usual is told", () => {
  const changes = {
    title: change(null, "Rent"),
    description: change(null, null),
    priority: change(null, "medium"),
    due_date: change(null, "2027-03-12"),
    reminders: change(null, []),
  };
  assert.deepEqual(fieldChanges(told("task.created", changes)), [{ field: "due_date", old: null, new: "2027-03-12" }]);
  assert.deepEqual(
    fieldChanges(told("task.created", { priority: change(null, "high") })).map(({ field }) => field),
    ["priority"],
  );
});

test("reminders that moved with the due date are no change of their own; what the user did to them is", () => {
  const reminder = {
    id: "r",
    offset: "PT1H",
    remind_at: "2027-03-10T08:00:00Z",
    set_at: "2027-03-01T08:00:00Z",
    snoozed_from: null,
    acknowledged_at: null,
  };
  const changed = (now: unknown): number =>
    fieldChanges(told("task.updated", { reminders: change([reminder], now) })).length;
  assert.equal(changed([{ ...reminder, remind_at: "2027-03-12T08:00:00Z", set_at: "2027-03-02T08:00:00Z" }]), 0);
  assert.equal(changed([{ ...reminder, offset: "PT2H" }]), 1);
  assert.equal(changed([{ ...reminder, acknowledged_at: "2027-03-10T08:01:00Z" }]), 1);
  assert.equal(changed([]), 1);
});

test("nothing that becomes nothing is no change", () => {
  assert.deepEqual(
    fieldChanges(told("task.updated", { description: change(null, ""), tags: change(undefined, []) })),
    [],
  );
});

test("what left for good, and what changed nothing, cannot be reverted", () => {
  assert.equal(canRevert(told("task.deleted")), false);
  assert.equal(canRevert(told("task.reminder.triggered")), false);
  assert.equal(canRevert(told("task.deleted", { deleted_at: change(null, "2027-03-10T08:00:00Z") })), true);
});
