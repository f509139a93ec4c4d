import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError, type ProblemCode } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import { createTask, deleteTask, patchTask, statusFields, revise, type WriteContext } from "../task.ts";
import { checkDemand, MOST_PENDING, reminderDemand } from "./limit.ts";

const now = Date.parse("2026-03-01T09:00:00.000Z");
let made = 0;
const context: WriteContext = { now, zone: "UTC", allDayHour: 9, newId: () => `reminder-${(made += 1)}` };

const taskWith = (...offsets: string[]): Task => {
  const { change } = createTask(
    { title: "x", due_date: "2026-03-02T09:00", reminders: offsets.map((offset) => ({ offset })) },
    { id: "task", userId: "user" },
    context,
  );
  assert.ok(change);
  return change.after;
};

describe("what a write demands", () => {
  const more = (before: Task | null, after: Task | undefined): number =>
    reminderDemand([{ before, after: after ?? taskWith() }], now).more;

  it("is what is pending after it beside what was", () => {
    const task = taskWith("PT15M", "PT1H", "P2D");
    assert.equal(more(null, task), 2, "one has passed");
    assert.equal(more(task, deleteTask(task, context).change?.after), -2);
    assert.equal(more(task, revise(task, context, statusFields(task, "completed", context))?.after), -2);
    assert.equal(
      more(task, patchTask(task, { due_date: "2026-03-09" }, context).change?.after),
      1,
      "the one that had passed is to come",
    );
    assert.equal(more(task, patchTask(task, { title: "y" }, context).change?.after), 0);
  });

  it("is new ids", () => {
    const [task, other] = [taskWith("PT15M"), taskWith("PT15M")];
    assert.deepEqual(reminderDemand([{ before: null, after: task }], now).newIds, [task.reminders?.[0]?.id]);
    assert.deepEqual(reminderDemand([{ before: task, after: task }], now).newIds, []);
    const same = { ...other, reminders: task.reminders ?? [] };
    assert.throws(
      () =>
        reminderDemand(
          [
            { before: null, after: task },
            { before: null, after: same },
          ],
          now,
        ),
      (error) => error instanceof DomainError && error.code === "conflict",
    );
  });
});

describe("the limit", () => {
  const refuses =
    (code: ProblemCode) =>
    (error: unknown): boolean =>
      error instanceof DomainError && error.code === code;
  const demand = (count: number) => ({ more: count, newIds: [] });

  it("is for those that ask for more", () => {
    checkDemand(demand(1), MOST_PENDING - 1, false);
    checkDemand(demand(0), MOST_PENDING + 5, false);
    checkDemand(demand(-1), MOST_PENDING + 5, false);
    assert.throws(() => checkDemand(demand(1), MOST_PENDING, false), refuses("reminder_limit"));
    assert.throws(() => checkDemand(demand(MOST_PENDING + 1), 0, false), refuses("reminder_limit"));
    assert.throws(() => checkDemand(demand(0), 0, true), refuses("conflict"));
  });
});
