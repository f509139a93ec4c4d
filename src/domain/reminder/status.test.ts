import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { noRecurrence } from "../series/no-recurrence.ts";
import { isPending, isWanted, reminderStatus, type ScheduledState } from "./status.ts";

const task: Task = {
  id: "task",
  user_id: "user",
  title: "Call",
  description: null,
  status: "pending",
  completed: false,
  priority: "medium",
  due_date: "2026-03-02T09:00:00.000Z",
  due_at: "2026-03-02T09:00:00.000Z",
  version: 1,
  created_at: "2026-03-01T09:00:00.000Z",
  updated_at: "2026-03-01T09:00:00.000Z",
  completed_at: null,
  deleted_at: null,
  ...noRecurrence,
};
const reminder: TaskReminder = {
  id: "reminder",
  offset: "PT1H",
  remind_at: "2026-03-02T08:00:00.000Z",
  set_at: "2026-03-01T09:00:00.000Z",
  snoozed_from: null,
  acknowledged_at: null,
};
const passed = { ...reminder, set_at: reminder.remind_at ?? "" };
const acknowledged = { ...reminder, acknowledged_at: "2026-03-02T08:05:00.000Z" };
const undated = { ...reminder, remind_at: null };
const completed: Task = { ...task, status: "completed", completed: true };
const trashed: Task = { ...task, deleted_at: "2026-03-01T10:00:00.000Z" };
const series: Task = { ...task, recurrence_basis: "schedule" };
const sent: ScheduledState = {
  remind_at: "2026-03-02T08:00:00.000Z",
  status: "sent",
  fired_at: "2026-03-02T08:00:00.007Z",
  late_ms: 7,
};

describe("a reminder", () => {
  it("is wanted while its task is open and its moment had not passed when it was set", () => {
    assert.ok(isWanted(task, reminder));
    for (const other of [completed, trashed, series]) assert.ok(!isWanted(other, reminder));
    for (const other of [passed, acknowledged, undated]) assert.ok(!isWanted(task, other));
  });

  it("is pending while it is wanted and still to come", () => {
    const at = Date.parse("2026-03-02T08:00:00.000Z");
    assert.ok(isPending(task, reminder, at - 1));
    assert.ok(!isPending(task, reminder, at));
    assert.ok(!isPending(completed, reminder, at - 1));
  });
});

describe("the status of a reminder", () => {
  const outcome = (...args: Parameters<typeof reminderStatus>) => {
    const { status, cancelled_because } = reminderStatus(...args);
    return cancelled_because === null ? status : `${status}: ${cancelled_because}`;
  };

  it("is pending while nothing has become of it", () => {
    assert.equal(outcome(task, reminder, undefined), "pending");
    assert.equal(outcome(task, reminder, { ...sent, status: "pending", fired_at: null, late_ms: null }), "pending");
    assert.equal(outcome(series, undated, undefined), "pending", "its occurrences are reminded of");
  });

  it("says why it is not given", () => {
    assert.equal(outcome(completed, reminder, undefined), "cancelled: completed");
    assert.equal(outcome(trashed, reminder, undefined), "cancelled: deleted");
    assert.equal(outcome({ ...series, deleted_at: trashed.deleted_at }, undated, undefined), "cancelled: deleted");
    assert.equal(outcome(task, passed, undefined), "cancelled: passed");
    assert.equal(outcome(task, undated, undefined), "cancelled: no_due_date");
  });

  it("is sent once it was given, whatever becomes of the task", () => {
    for (const one of [task, completed, trashed])
      assert.deepEqual(reminderStatus(one, reminder, sent), {
        status: "sent",
        cancelled_because: null,
        fired_at: sent.fired_at,
        late_ms: 7,
      });
  });

  it("is pending again when it was given for another instant", () => {
    assert.deepEqual(reminderStatus(task, reminder, { ...sent, remind_at: "2026-03-01T12:00:00.000Z" }), {
      status: "pending",
      cancelled_because: null,
      fired_at: null,
      late_ms: null,
    });
  });

  it("is acknowledged when the user has said so, given or not", () => {
    assert.deepEqual(reminderStatus(task, acknowledged, sent), {
      status: "acknowledged",
      cancelled_because: null,
      fired_at: sent.fired_at,
      late_ms: 7,
    });
    assert.equal(outcome(completed, acknowledged, undefined), "acknowledged");
  });
});
