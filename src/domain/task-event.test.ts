import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventSchemaVersion } from "../contract/event.ts";
import type { Task } from "../contract/task.ts";
import { type EventContext, taskBefore, taskEvent } from "./task-event.ts";
import {
  completeTask,
  createTask,
  deleteTask,
  patchTask,
  purgeTask,
  reopenTask,
  restoreTask,
  revertChange,
  type TaskChange,
  type WriteContext,
} from "./task.ts";

const context: WriteContext = {
  now: Date.parse("2026-03-01T12:00:00.000Z"),
  zone: "Europe/Rome",
  allDayHour: 9,
  newId: () => "reminder",
};
const request: EventContext = {
  now: context.now,
  zone: context.zone,
  actorId: "actor",
  actorKind: "agent",
  correlationId: "request-1",
};
const identity = { id: "0198a000-0000-7000-8000-000000000001", userId: "0198a000-0000-7000-8000-000000000002" };

const creation = createTask({ title: "Pay rent", due_date: "2026-04-01", reminder_offset: "1 day" }, identity, context)
  .change as TaskChange;
const task = creation.after;
const after = ({ change }: { change: TaskChange | null }): Task => (change as TaskChange).after;

describe("the event of a change", () => {
  it("says who, when, what and where", () => {
    const { changes, ...event } = taskEvent(creation, "event-1", request);
    assert.deepEqual(event, {
      event_id: "event-1",
      event_type: "task.created",
      timestamp: "2026-03-01T12:00:00.000Z",
      version: eventSchemaVersion,
      actor_id: "actor",
      actor_kind: "agent",
      user_id: identity.userId,
      correlation_id: "request-1",
      task_id: identity.id,
      task,
      time_zone: "Europe/Rome",
    });
    assert.deepEqual(changes["title"], { old: null, new: "Pay rent" });
  });

  const completed = after(completeTask(task, context));
  const trashed = after(deleteTask(task, context));
  const types: readonly (readonly [what: string, change: TaskChange | null, type: string])[] = [
    ["a patch", patchTask(task, { title: "Pay" }, context).change, "task.updated"],
    ["a completion", completeTask(task, context).change, "task.completed"],
    [
      "a completion by patch, with another field",
      patchTask(task, { completed: true, title: "Pay" }, context).change,
      "task.completed",
    ],
    ["a reopening", reopenTask(completed, context).change, "task.updated"],
    ["a deletion", deleteTask(task, context).change, "task.deleted"],
    ["the deletion of a completed task", deleteTask(completed, context).change, "task.deleted"],
    ["a restore", restoreTask(trashed, context).change, "task.updated"],
    ["a purge", purgeTask(trashed, context), "task.deleted"],
    ["the undo of a creation", revertChange({ before: null, current: task }, context), "task.deleted"],
    ["the undo of a completion", revertChange({ before: task, current: completed }, context), "task.updated"],
    ["the undo of a deletion", revertChange({ before: task, current: trashed }, context), "task.updated"],
  ];
  for (const [what, change, type] of types)
    it(`of ${what} is ${type}`, () => {
      assert.ok(change);
      assert.equal(taskEvent(change, "event-2", request).event_type, type);
    });

  it("of a completion carries its instant, of a deletion that of the trash, of a purge both", () => {
    const completion = taskEvent(completeTask(task, context).change as TaskChange, "e", request);
    assert.equal(completion.event_type === "task.completed" && completion.completed_at, "2026-03-01T12:00:00.000Z");
    const purge = taskEvent(purgeTask(trashed, context), "e", { ...request, now: context.now + 1_000 });
    assert.ok(purge.event_type === "task.deleted");
    assert.deepEqual([purge.deleted_at, purge.purged_at], ["2026-03-01T12:00:00.000Z", "2026-03-01T12:00:01.000Z"]);
    assert.ok(!("purged_at" in taskEvent(deleteTask(task, context).change as TaskChange, "e", request)));
  });
});

describe("the task before an event", () => {
  it("is none for a creation", () => {
    assert.equal(taskBefore(taskEvent(creation, "e", request)), null);
  });

  it("is the task as it was, but for when it was last written", () => {
    const change = patchTask(
      task,
      { status: "completed", due_date: null, description: "by card", reminders: [{ offset: "PT1H" }] },
      context,
    ).change as TaskChange;
    assert.deepEqual(taskBefore(taskEvent(change, "e", request)), task);
  });
});
