import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError } from "../../contract/problem.ts";
import type { Task, TaskFields } from "../../contract/task.ts";
import { type EventContext, taskEvent, type UnsequencedEvent } from "../task-event.ts";
import { completeTask, createTask, deleteTask, patchTask, purgeTask, type TaskChange } from "../task.ts";
import type { SeriesContext } from "./draft.ts";
import { decideReturn, decideTakeBack } from "./revert.ts";

const context: SeriesContext = {
  now: Date.parse("2026-03-01T12:00:00.000Z"),
  zone: "Europe/Rome",
  allDayHour: 9,
  newId: () => "0198a000-0000-7000-8000-000000000009",
  occurrenceId: (series, date) => `${series} ${date}`,
  reminderId: (series, occurrence) => `${series} ${occurrence}`,
  occurrencesMade: () => 0,
};
const request: EventContext = { ...context, actorId: "actor", actorKind: "person", correlationId: "request-1" };
const identity = { id: "0198a000-0000-7000-8000-000000000001", userId: "0198a000-0000-7000-8000-000000000002" };

const changeOf = ({ change }: { change: TaskChange | null }): TaskChange => {
  assert.ok(change);
  return change;
};
const eventOf = (change: TaskChange): UnsequencedEvent => taskEvent(change, "event", request);
const creation = changeOf(
  createTask({ title: "Pay rent", due_date: "2026-04-01T09:00", reminder_offset: "PT1H" }, identity, context),
);
const task = creation.after;
const patch = (from: Task, fields: TaskFields): TaskChange => changeOf(patchTask(from, fields, context));

const takeBack = (current: Task, change: TaskChange, force = false): Task => {
  const [reverted, ...others] = decideTakeBack(
    new Map([[current.id, current]]),
    current,
    eventOf(change),
    force,
    context,
  );
  assert.deepEqual(others, []);
  return reverted?.after ?? current;
};
const conflictOf = (current: Task, change: TaskChange): unknown => {
  try {
    takeBack(current, change);
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === "revert_conflict");
    return error.extras.members?.["fields"];
  }
  return undefined;
};

describe("taking one change back", () => {
  it("gives its fields their old values, and what follows from them", () => {
    const moved = patch(task, { due_date: "2026-05-01T09:00", title: "Pay the rent" });
    const urgent = patch(moved.after, { priority: "high" }).after;
    const { title, due_date, due_at, priority, version, reminders } = takeBack(urgent, moved);
    assert.deepEqual(
      [title, due_date, due_at, priority, version],
      ["Pay rent", "2026-04-01T09:00", "2026-04-01T07:00:00.000Z", "high", 4],
    );
    assert.equal(reminders?.[0]?.remind_at, "2026-04-01T06:00:00.000Z");
  });

  it("is refused by the names of the fields that have changed since", () => {
    const renamed = patch(task, { title: "Pay the rent", description: "by bank" });
    assert.equal(conflictOf(renamed.after, renamed), undefined);
    assert.deepEqual(conflictOf(patch(renamed.after, { title: "Rent" }).after, renamed), ["title"]);
    assert.equal(takeBack(patch(renamed.after, { title: "Rent" }).after, renamed, true).title, "Pay rent");
    assert.equal(
      conflictOf(patch(patch(renamed.after, { title: "Rent" }).after, { title: "Pay the rent" }).after, renamed),
      undefined,
      "it is what it was",
    );
  });

  it("of a completion reopens, though it was completed anew since", () => {
    const completed = changeOf(completeTask(task, context));
    const again = { ...completed.after, completed_at: "2026-03-02T12:00:00.000Z" };
    const { status, completed_at } = takeBack(again, completed);
    assert.deepEqual([status, completed_at], ["pending", null]);
  });

  it("of a creation moves to the trash, of a deletion brings back", () => {
    assert.equal(takeBack(task, creation).deleted_at, "2026-03-01T12:00:00.000Z");
    const trashed = changeOf(deleteTask(task, context));
    assert.equal(takeBack(trashed.after, trashed).deleted_at, null);
  });

  it("is refused for an event that changed nothing", () => {
    assert.throws(() => takeBack(task, purgeTask(task, context)), /changed nothing/);
  });
});

describe("the way back to a moment", () => {
  const back = (current: Task, then: Task | null): Task =>
    decideReturn(new Map([[current.id, current]]), new Map([[current.id, then]]), context)[0]?.after ?? current;

  it("makes the task what it was, and nothing of one that is so", () => {
    const changed = patch(task, { title: "x", due_date: null, priority: "low" }).after;
    const { version, updated_at: _updatedAt, ...fields } = back(changed, task);
    const { version: _version, updated_at: _was, ...expected } = task;
    assert.deepEqual([fields, version], [expected, 3]);
    assert.equal(back(task, { ...task, version: 1 }), task);
  });

  it("moves to the trash what was not there or was in it, from now on, and leaves there what is there", () => {
    const now = "2026-03-01T12:00:00.000Z";
    const long = { ...task, deleted_at: "2025-01-01T00:00:00.000Z" };
    assert.equal(back(task, null).deleted_at, now);
    assert.equal(back(task, long).deleted_at, now);
    assert.equal(back(long, { ...long, title: "x" }).deleted_at, long.deleted_at);
    assert.equal(back(long, task).deleted_at, null);
  });
});
