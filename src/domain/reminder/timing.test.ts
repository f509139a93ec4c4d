import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Task, TaskFields } from "../../contract/task.ts";
import {
  completeTask,
  createTask,
  deleteTask,
  moveToClock,
  patchTask,
  reopenTask,
  restoreTask,
  revertChange,
  revise,
  type WriteContext,
} from "../task.ts";
import { retimeReminders, reminderWarnings, timeReminders } from "./timing.ts";

const START = Date.parse("2026-03-01T09:00:00.000Z");
const at = (minute: number, clock: Partial<WriteContext> = {}): WriteContext => ({
  now: START + minute * 60_000,
  zone: "Europe/Rome",
  allDayHour: 9,
  newId: () => "reminder",
  ...clock,
});
const instant = (minute: number): string => new Date(START + minute * 60_000).toISOString();

const made = (fields: TaskFields): Task => {
  const { change } = createTask({ title: "Call", ...fields }, { id: "task", userId: "user" }, at(0));
  assert.ok(change);
  return change.after;
};
const reminderOf = (task: Task | undefined) => {
  assert.equal(task?.reminders?.length, 1);
  const [reminder] = task.reminders;
  assert.ok(reminder);
  return reminder;
};
const hourBefore = made({ due_date: "2026-03-02T10:00", reminder_offset: "1 hour" });

describe("a reminder counts as set", () => {
  it("when it is made", () =>
    assert.deepEqual(
      [reminderOf(hourBefore).remind_at, reminderOf(hourBefore).set_at],
      ["2026-03-02T08:00:00.000Z", instant(0)],
    ));

  it("anew when its instant is another one, and at no other change", () => {
    const renamed = patchTask(hourBefore, { title: "Phone", priority: "high" }, at(1)).change?.after;
    assert.deepEqual(renamed?.reminders, hourBefore.reminders);
    const moved = patchTask(hourBefore, { due_date: "2026-03-03T10:00" }, at(1)).change?.after;
    assert.deepEqual([reminderOf(moved).remind_at, reminderOf(moved).set_at], ["2026-03-03T08:00:00.000Z", instant(1)]);
    const sameMoment = patchTask(hourBefore, { due_date: "2026-03-02T09:00:00Z" }, at(1)).change?.after;
    assert.equal(reminderOf(sameMoment).set_at, instant(0), "another kind of due date, the same moment");
  });

  it("anew when its task is open again", () => {
    const completed = completeTask(hourBefore, at(1)).change?.after;
    assert.deepEqual(completed?.reminders, hourBefore.reminders);
    assert.equal(reminderOf(reopenTask(completed as Task, at(2)).change?.after).set_at, instant(2));
    const trashed = deleteTask(hourBefore, at(1)).change?.after as Task;
    assert.equal(reminderOf(restoreTask(trashed, at(3)).change?.after).set_at, instant(3));
    const completedInTrash = deleteTask(completed as Task, at(2)).change?.after as Task;
    assert.equal(
      reminderOf(restoreTask(completedInTrash, at(3)).change?.after).set_at,
      instant(0),
      "back, and not open",
    );
  });

  it("not by an undo of what did not touch it, and anew by one that brings it back", () => {
    const renamed = patchTask(hourBefore, { title: "Phone" }, at(1)).change?.after as Task;
    assert.equal(reminderOf(revertChange({ before: hourBefore, current: renamed }, at(2))?.after).set_at, instant(0));
    const bare = patchTask(hourBefore, { reminders: null }, at(1)).change?.after as Task;
    assert.deepEqual(bare.reminder_offset, null);
    assert.deepEqual(reminderOf(revertChange({ before: hourBefore, current: bare }, at(2))?.after), {
      ...reminderOf(hourBefore),
      set_at: instant(2),
    });
  });
});

describe("an acknowledged reminder", () => {
  const done = { ...hourBefore, reminders: [{ ...reminderOf(hourBefore), acknowledged_at: instant(1) }] };

  it("is wanted again for another moment that is to come", () => {
    assert.equal(
      reminderOf(patchTask(done, { due_date: "2026-03-04T10:00" }, at(2)).change?.after).acknowledged_at,
      null,
    );
    assert.equal(
      reminderOf(patchTask(done, { due_date: "2026-02-04T10:00" }, at(2)).change?.after).acknowledged_at,
      instant(1),
    );
    assert.equal(reminderOf(patchTask(done, { title: "Phone" }, at(2)).change?.after).acknowledged_at, instant(1));
  });

  it("is acknowledged again by the undo of that", () => {
    const moved = patchTask(done, { due_date: "2026-03-04T10:00" }, at(2)).change?.after as Task;
    assert.equal(reminderOf(revertChange({ before: done, current: moved }, at(3))?.after).acknowledged_at, instant(1));
  });
});

describe("reminders", () => {
  it("wait without a due date, and on a series", () => {
    const undated = patchTask(hourBefore, { due_date: null }, at(1)).change?.after as Task;
    assert.equal(reminderOf(undated).remind_at, null);
    const series = revise(hourBefore, at(1), { recurrence_basis: "schedule" })?.after as Task;
    assert.equal(reminderOf(series).remind_at, null);
    assert.equal(
      reminderOf(revise(series, at(2), { recurrence_basis: null })?.after).remind_at,
      "2026-03-02T08:00:00.000Z",
    );
  });

  it("move with the user's clock, and stay where it moves nothing", () => {
    const day = made({ due_date: "2026-03-02", reminder_offset: "PT0S" });
    assert.equal(reminderOf(moveToClock(day, at(1, { allDayHour: 18 }))?.after).remind_at, "2026-03-02T17:00:00.000Z");
    assert.equal(reminderOf(moveToClock(day, at(1, { zone: "UTC" }))?.after).remind_at, "2026-03-02T09:00:00.000Z");
    assert.equal(moveToClock(hourBefore, at(1, { allDayHour: 18 })), null, "it has a time of its own");
    assert.equal(moveToClock(day, at(1, { zone: "Europe/Berlin" })), null);
  });

  it("of a task from before there were any are left alone", () => {
    const { reminders: _reminders, reminder_offset: _offset, ...old } = { ...hourBefore, title: "Phone" };
    const reverted = revertChange({ before: old, current: hourBefore }, at(1))?.after;
    assert.deepEqual(
      [reverted?.title, reverted?.reminders, reverted?.reminder_offset],
      ["Phone", hourBefore.reminders, "PT1H"],
    );
  });

  it("are timed the same a second time", () => {
    const dues = fc.constantFrom(
      null,
      "2026-03-02",
      "2026-03-02T10:00",
      "2026-02-01T10:00",
      "2026-03-29T02:30",
      "2026-03-02T10:00:00Z",
    );
    const offsets = fc.constantFrom("PT0S", "PT15M", "P1D", "P1W", "P1M");
    fc.assert(
      fc.property(dues, dues, offsets, fc.boolean(), (due, other, offset, acknowledged) => {
        const task = made({ due_date: due, reminder_offset: offset });
        const before = {
          ...task,
          reminders: (task.reminders ?? []).map((reminder) => ({
            ...reminder,
            acknowledged_at: acknowledged ? instant(1) : null,
          })),
        };
        const after = patchTask(before, { due_date: other }, at(5)).change?.after ?? before;
        assert.deepEqual(timeReminders(before, after, at(5)), {
          reminders: after.reminders,
          reminder_offset: after.reminder_offset,
        });
        assert.deepEqual(retimeReminders(after.reminders ?? [], after, at(5)), after.reminders);
      }),
    );
  });
});

describe("the warning of a moment that has passed", () => {
  const warned = (before: Task | null, after: Task | undefined): boolean =>
    reminderWarnings([{ before, after: after ?? hourBefore }]).includes("reminder_in_past");

  it("comes with the write that sets it, and not with others", () => {
    const late = made({ due_date: "2026-03-01T10:30", reminder_offset: "1 hour" });
    assert.ok(warned(null, late));
    assert.ok(!warned(null, hourBefore));
    assert.ok(warned(hourBefore, patchTask(hourBefore, { due_date: "2026-03-01T10:30" }, at(1)).change?.after));
    assert.ok(!warned(late, patchTask(late, { title: "Phone" }, at(1)).change?.after));
    const completed = completeTask(late, at(1)).change?.after as Task;
    assert.ok(!warned(completed, reopenTask(completed, at(2)).change?.after), "it had passed before");
    assert.ok(
      !warned(completed, patchTask(completed, { reminder_offset: "2 hours" }, at(2)).change?.after),
      "nobody is reminded of what is done",
    );
  });
});
