import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { outdatedBecause, type Told } from "./outdated.ts";

const given = "2026-03-01T09:00:00.000Z";
const told: Told = { type: "task.reminder.triggered", reminderId: "r", occurredAt: given };
const reminder: TaskReminder = {
  id: "r",
  offset: null,
  remind_at: given,
  set_at: "2026-02-01T00:00:00.000Z",
  snoozed_from: null,
  acknowledged_at: null,
};
const task = (change: Partial<Task> = {}): Task =>
  ({ completed: false, deleted_at: null, reminders: [reminder], ...change }) as Task;

describe("a reminder is still so", () => {
  it("while nothing has changed its task, or nothing that matters has", () => {
    assert.equal(outdatedBecause(told, undefined), undefined);
    assert.equal(outdatedBecause(told, task({ title: "another" })), undefined);
    const { reminders: _none, ...older } = task();
    assert.equal(outdatedBecause(told, older as Task), undefined);
  });

  const ends: [string, Partial<Task>][] = [
    ["task_completed", { completed: true }],
    ["task_deleted", { deleted_at: given }],
    ["reminder_removed", { reminders: [] }],
    ["reminder_acknowledged", { reminders: [{ ...reminder, acknowledged_at: given }] }],
    [
      "reminder_snoozed",
      {
        reminders: [
          { ...reminder, acknowledged_at: given },
          { ...reminder, id: "later", snoozed_from: "r" },
        ],
      },
    ],
    [
      "reminder_moved",
      { reminders: [{ ...reminder, set_at: "2026-03-01T09:00:01.000Z", remind_at: "2026-03-02T09:00:00.000Z" }] },
    ],
  ];
  for (const [reason, change] of ends)
    it(`until ${reason}`, () => assert.equal(outdatedBecause(told, task(change)), reason));

  it("when the task was reopened with its moment in the past: it will not be given again", () => {
    const reopened = { ...reminder, set_at: "2026-03-01T10:00:00.000Z" };
    assert.equal(outdatedBecause(told, task({ reminders: [reopened] })), undefined);
  });
});

describe("what happened to a task", () => {
  it("is no news once it was taken back", () => {
    assert.equal(outdatedBecause({ ...told, type: "task.completed" }, task()), "task_reopened");
    assert.equal(outdatedBecause({ ...told, type: "task.completed" }, task({ completed: true })), undefined);
    assert.equal(outdatedBecause({ ...told, type: "task.deleted" }, task()), "task_restored");
    assert.equal(outdatedBecause({ ...told, type: "task.deleted" }, task({ deleted_at: given })), undefined);
    assert.equal(outdatedBecause({ ...told, type: "task.created" }, task({ deleted_at: given })), "task_deleted");
    assert.equal(outdatedBecause({ ...told, type: "task.updated" }, task({ completed: true })), undefined);
  });
});
