import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Command } from "../../contract/command.ts";
import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import type { SeriesContext } from "../series/draft.ts";
import { decide, taskIdsOf } from "./decide.ts";
import type { Decision, State } from "./decision.ts";

let ids = 0;
const context: SeriesContext = {
  now: Date.parse("2026-03-01T08:00:00.000Z"),
  zone: "UTC",
  allDayHour: 9,
  newId: () => `new-${(ids += 1)}`,
  occurrenceId: (series, date) => `${series}@${date}`,
  reminderId: (reminder, occurrence) => `${reminder} of ${occurrence}`,
  occurrencesMade: () => 0,
};

const empty: State = { userId: "user", tasks: new Map() };
const add = (fields: object): Decision =>
  decide({ kind: "task.create", task: { id: "task", title: "Pay rent", ...fields } }, empty, context);
const stateWith = (...tasks: readonly Task[]): State => ({
  userId: "user",
  tasks: new Map(tasks.map((task) => [task.id, task])),
});
const after = (state: State, command: Command): Task => {
  const { changes, task } = decide(command, state, context);
  return changes.find((change) => change.after.id === task.id)?.after ?? task;
};
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return "nothing was refused";
};

const plain = add({ due_date: "2026-03-02T09:00", reminders: [{ id: "early", offset: "PT15M" }] }).task;
const here = stateWith(plain);
const trashed = after(here, { kind: "task.delete", id: "task" });

describe("a command to a task", () => {
  it("makes a new one, which is said", () => {
    const { isNew, task, changes } = add({});
    assert.equal(isNew, true);
    assert.deepEqual(
      changes.map(({ before, after: made }) => [before, made.id]),
      [[null, "task"]],
    );
    assert.equal(task.user_id, "user");
  });

  it("does not make one with the id of another", () => {
    const create: Command = { kind: "task.create", task: { id: "task", title: "other" } };
    assert.equal(
      codeOf(() => decide(create, here, context)),
      "conflict",
    );
  });

  it("changes it", () => {
    assert.equal(after(here, { kind: "task.update", id: "task", patch: { priority: "high" } }).priority, "high");
    assert.equal(after(here, { kind: "task.complete", id: "task" }).status, "completed");
    assert.notEqual(trashed.deleted_at, null);
    assert.equal(after(stateWith(trashed), { kind: "task.restore", id: "task" }).deleted_at, null);
  });

  it("changes nothing where everything is as it says", () => {
    assert.deepEqual(decide({ kind: "task.reopen", id: "task" }, here, context).changes, []);
  });

  it("is refused for a task that is not there, or in the trash, or at another version", () => {
    for (const kind of ["task.complete", "task.reopen", "task.skip", "task.detach", "task.delete"] as const) {
      assert.equal(
        codeOf(() => decide({ kind, id: "task" }, empty, context)),
        "not_found",
        kind,
      );
      assert.equal(
        codeOf(() => decide({ kind, id: "task" }, stateWith(trashed), context)),
        "not_found",
        kind,
      );
      assert.equal(
        codeOf(() => decide({ kind, id: "task", version: 7 }, here, context)),
        "version_mismatch",
        kind,
      );
    }
    const rename: Command = { kind: "task.update", id: "task", patch: { title: "x" } };
    assert.equal(
      codeOf(() => decide(rename, stateWith(trashed), context)),
      "not_found",
    );
    assert.equal(
      codeOf(() => decide({ ...rename, version: 7 }, here, context)),
      "version_mismatch",
    );
  });
});

describe("a command to a reminder", () => {
  const idsAfter = (command: Command): (string | null)[] =>
    (after(here, command).reminders ?? []).map(({ offset, remind_at }) => offset ?? remind_at);

  it("adds, changes and removes it", () => {
    assert.deepEqual(idsAfter({ kind: "reminder.add", task_id: "task", reminder: { offset: "1 hour" } }), [
      "PT15M",
      "PT1H",
    ]);
    assert.deepEqual(
      idsAfter({ kind: "reminder.change", task_id: "task", id: "early", reminder: { offset: "1 day" } }),
      ["P1D"],
    );
    assert.deepEqual(idsAfter({ kind: "reminder.remove", task_id: "task", id: "early" }), []);
    assert.deepEqual(idsAfter({ kind: "reminder.set_first", task_id: "task", offset: "1 week" }), ["P1W"]);
    assert.deepEqual(idsAfter({ kind: "reminder.remove_first", task_id: "task" }), []);
  });

  it("is answered with the reminder that it was for, also when that is gone", () => {
    const removed = decide({ kind: "reminder.remove", task_id: "task", id: "early" }, here, context);
    assert.equal(removed.reminder?.id, "early");
    const added = decide({ kind: "reminder.add", task_id: "task", reminder: { offset: "1 hour" } }, here, context);
    assert.deepEqual([added.isNew, added.reminder?.offset], [true, "PT1H"]);
  });

  it("snoozes it to another one, and is done with it", () => {
    const until = "2026-03-01T10:00:00.000Z";
    const command: Command = { kind: "reminder.snooze", task_id: "task", id: "early", snooze: { minutes: 120 } };
    const [old, snoozed] = after(here, command).reminders ?? [];
    assert.equal(old?.acknowledged_at, "2026-03-01T08:00:00.000Z");
    assert.deepEqual([snoozed?.remind_at, snoozed?.snoozed_from], [until, "early"]);
    const done = after(here, { kind: "reminder.acknowledge", task_id: "task", id: "early" });
    assert.equal(done.reminders?.[0]?.acknowledged_at, "2026-03-01T08:00:00.000Z");
  });

  it("is refused for a reminder or a task that is not there, and for a task at another version", () => {
    const acknowledge = (fields: object): Command => ({
      kind: "reminder.acknowledge",
      task_id: "task",
      id: "early",
      ...fields,
    });
    assert.equal(
      codeOf(() => decide(acknowledge({ id: "none" }), here, context)),
      "not_found",
    );
    assert.equal(
      codeOf(() => decide(acknowledge({}), empty, context)),
      "not_found",
    );
    assert.equal(
      codeOf(() => decide(acknowledge({}), stateWith(trashed), context)),
      "not_found",
    );
    assert.equal(
      codeOf(() => decide(acknowledge({ version: 7 }), here, context)),
      "version_mismatch",
    );
  });
});

it("a command names the tasks that it is decided on", () => {
  assert.deepEqual(taskIdsOf({ kind: "task.create", task: { title: "x" } }), []);
  assert.deepEqual(taskIdsOf({ kind: "task.skip", id: "task" }), ["task"]);
  assert.deepEqual(taskIdsOf({ kind: "reminder.remove", task_id: "task", id: "early" }), ["task"]);
});
