import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Task } from "../contract/task.ts";
import { differenceOf, taskAt, whole } from "./past.ts";
import { type EventContext, taskEvent, type UnsequencedEvent } from "./task-event.ts";
import { completeTask, createTask, deleteTask, patchTask, purgeTask, restoreTask, type TaskChange } from "./task.ts";

const made = "2026-03-01T12:00:00.000Z";
const context = {
  now: Date.parse(made),
  zone: "Europe/Rome",
  allDayHour: 9,
  newId: () => "0198a000-0000-7000-8000-000000000009",
};
const request: EventContext = { ...context, actorId: "actor", actorKind: "person", correlationId: "request-1" };
const identity = { id: "0198a000-0000-7000-8000-000000000001", userId: "0198a000-0000-7000-8000-000000000002" };
const later = { ...context, now: context.now + 60_000 };

const changeOf = ({ change }: { change: TaskChange | null }): TaskChange => {
  assert.ok(change);
  return change;
};
const eventOf = (change: TaskChange): UnsequencedEvent => taskEvent(change, "event", request);
const creation = changeOf(
  createTask({ title: "Pay rent", due_date: "2026-04-01", priority: "high" }, identity, context),
);
const task = creation.after;
const renamed = changeOf(patchTask(task, { title: "Pay the rent", due_date: null }, later));
const completed = changeOf(completeTask(renamed.after, later));
const trashed = changeOf(deleteTask(task, later));

describe("a task at a moment", () => {
  const at = (past: Partial<Parameters<typeof taskAt>[0]>, moment = later.now) =>
    taskAt({ until: null, after: null, present: null, ...past }, moment);

  it("is what its newest change until then says", () => {
    assert.deepEqual(at({ until: eventOf(renamed) }), renamed.after);
    assert.deepEqual(at({ until: eventOf(trashed) }), trashed.after);
  });

  it("is none once it left the trash for good, or before it was made", () => {
    assert.equal(at({ until: eventOf(purgeTask(trashed.after, later)) }), null);
    assert.equal(at({ after: eventOf(creation) }), null);
    assert.equal(at({}), null);
  });

  it("is what the first change after it changed, where nothing earlier is kept; when it was changed before is not known", () => {
    const { updated_at, ...known } = at({ after: eventOf(completed) }) ?? assert.fail("it was there");
    const { updated_at: _updatedAt, ...expected } = renamed.after;
    assert.deepEqual([known, updated_at], [expected, made]);
    assert.equal(
      at({ after: eventOf(changeOf(restoreTask(trashed.after, later))) })?.deleted_at,
      trashed.after.deleted_at,
    );
  });

  it("is what it is now, where no change of it is kept, unless it is younger", () => {
    assert.equal(at({ present: task }), task);
    assert.equal(at({ present: task }, context.now - 1), null);
  });

  it("has the fields that came later than its event", () => {
    const { recurrence_basis: _basis, reminders: _reminders, reminder_offset: _offset, ...old } = task;
    assert.deepEqual(whole(old), { ...task, recurrence_basis: null, reminders: [], reminder_offset: null });
  });
});

describe("the difference between two moments", () => {
  const of = (from: Task | null, to: Task | null) => {
    const { difference, title, changes } = differenceOf(task.id, from, to);
    return [
      difference,
      title,
      Object.fromEntries(
        Object.entries(changes).filter(([field]) => ["title", "priority", "due_date", "description"].includes(field)),
      ),
    ];
  };
  const values = { title: "Pay rent", priority: "high", due_date: "2026-04-01" };
  const [came, went] = [
    Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { old: null, new: value }])),
    Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { old: value, new: null }])),
  ];

  it("is each field that has another value", () => {
    assert.deepEqual(of(task, renamed.after), [
      "changed",
      "Pay the rent",
      { title: { old: "Pay rent", new: "Pay the rent" }, due_date: { old: "2026-04-01", new: null } },
    ]);
    assert.deepEqual(of(task, { ...task, version: 7, updated_at: "2026-04-01T00:00:00.000Z" }), [
      "none",
      "Pay rent",
      {},
    ]);
  });

  it("is all that is set, of a task that came or went; the trash is not there", () => {
    assert.deepEqual(of(null, task), ["added", "Pay rent", came]);
    assert.deepEqual(of(trashed.after, task), ["added", "Pay rent", came]);
    assert.deepEqual(of(task, null), ["removed", "Pay rent", went]);
    assert.deepEqual(of(task, trashed.after), ["removed", "Pay rent", went]);
    assert.deepEqual(of(trashed.after, null), ["none", "", {}]);
  });
});
