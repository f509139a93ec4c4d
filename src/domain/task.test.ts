import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DomainError } from "../contract/problem.ts";
import type { NewTask, Task, TaskFields } from "../contract/task.ts";
import { noReminders } from "./reminder/no-reminders.ts";
import { noRecurrence } from "./series/no-recurrence.ts";
import { taskBefore } from "./task-event.ts";
import {
  changesBetween,
  checkVersion,
  completeTask,
  createTask,
  type Decision,
  deleteTask,
  eventTypeOf,
  moveToClock,
  overdueAt,
  patchTask,
  purgeTask,
  reopenTask,
  restoreTask,
  revertChange,
  type TaskChange,
  type WriteContext,
} from "./task.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
let ids = 0;
const context: WriteContext = { now, zone: "Europe/Rome", allDayHour: 9, newId: () => `reminder-${(ids += 1)}` };
const later = (ms = 60_000, zone = "Europe/Rome"): WriteContext => ({ ...context, now: now + ms, zone });
const identity = { id: "0198a000-0000-7000-8000-000000000001", userId: "0198a000-0000-7000-8000-000000000002" };

const made = (input: Partial<NewTask> = {}): Task =>
  changeOf(createTask({ title: "Pay rent", ...input }, identity, context)).after;

const changeOf = ({ change }: Decision): TaskChange => {
  assert.ok(change, "something changes");
  return change;
};

/** A refusal of `field`. */
const refuses =
  (field: string) =>
  (error: unknown): boolean =>
    error instanceof DomainError && error.code === "validation" && error.extras.errors?.[0]?.field === field;

describe("a new task", () => {
  it("has every field, with the defaults of a client that knows only title, description and completed", () => {
    assert.deepEqual(made(), {
      id: identity.id,
      user_id: identity.userId,
      title: "Pay rent",
      description: null,
      status: "pending",
      completed: false,
      priority: "medium",
      due_date: null,
      due_at: null,
      version: 1,
      created_at: "2026-03-01T12:00:00.000Z",
      updated_at: "2026-03-01T12:00:00.000Z",
      completed_at: null,
      deleted_at: null,
      ...noRecurrence,
      ...noReminders,
    });
  });

  it("may be completed from the start, said in either way", () => {
    for (const input of [
      { completed: true },
      { status: "completed" } as const,
      { completed: true, status: "completed" } as const,
    ]) {
      const { status, completed, completed_at } = made(input);
      assert.deepEqual(
        { status, completed, completed_at },
        { status: "completed", completed: true, completed_at: "2026-03-01T12:00:00.000Z" },
      );
    }
  });

  it("is refused when status and completed disagree", () => {
    assert.throws(() => made({ status: "pending", completed: true }), refuses("completed"));
  });

  it("is trimmed, and its length counted in characters", () => {
    assert.equal(made({ title: "  \t Pay rent \n" }).title, "Pay rent");
    assert.equal(made({ title: "👩‍🚀".repeat(85) }).title, "👩‍🚀".repeat(85), "255 code points");
    assert.throws(() => made({ title: "x".repeat(256) }), refuses("title"));
    assert.throws(() => made({ title: " \u00a0\ufeff\n" }), refuses("title"));
  });

  it("has no lone surrogates, which are no characters", () => {
    assert.equal(made({ title: "a\ud800b" }).title, "a\ufffdb");
    assert.equal(made({ description: "\udfff" }).description, "\ufffd");
  });

  it("keeps a description as it is, empty or not", () => {
    assert.equal(made({ description: "" }).description, "");
    assert.equal(made({ description: "  # Markdown \n" }).description, "  # Markdown \n");
  });

  it("warns of a due date in the past, and only then", () => {
    const warnings = (due_date: string) => createTask({ title: "x", due_date }, identity, context).warnings;
    assert.deepEqual(warnings("2026-02-28"), ["due_date_in_past"]);
    assert.deepEqual(warnings("2026-03-01"), [], "today is not over");
    assert.deepEqual(warnings("2026-03-01T13:00"), ["due_date_in_past"], "13:00 in Rome is now");
    assert.deepEqual(warnings("2026-03-01T13:01"), []);
    assert.throws(() => made({ due_date: "soon" }), refuses("due_date"));
  });
});

const titles = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 40 })
  .filter((title) => title.trim().length > 0 && [...title].length <= 255);
const dueDates = fc.option(
  fc.constantFrom("2026-02-01", "2026-03-29", "2026-03-29T02:30", "2026-10-25T02:30", "2026-06-01T09:00:00.000Z"),
);
const fields: fc.Arbitrary<TaskFields> = fc
  .record(
    {
      title: titles,
      description: fc.option(fc.string({ unit: "grapheme", maxLength: 40 })),
      status: fc.constantFrom("pending" as const, "completed" as const),
      priority: fc.constantFrom("low" as const, "medium" as const, "high" as const),
      due_date: dueDates,
      reminders: fc.subarray([
        { offset: "PT15M" },
        { offset: "P1D" },
        { remind_at: "2026-02-10T09:00" },
        { remind_at: "2026-06-01T09:00:00.000Z" },
      ]),
      reminder_offset: fc.option(fc.constantFrom("PT15M", "1 hour")),
    },
    { requiredKeys: [] },
  )
  // The two that say the same thing come alone.
  .map(({ reminder_offset, ...rest }) =>
    rest.reminders === undefined && reminder_offset !== undefined ? { ...rest, reminder_offset } : rest,
  );
const tasks: fc.Arbitrary<Task> = fc.tuple(titles, fields).map(([title, rest]) => made({ title, ...rest }));

/** Every field but what each write renews. */
const contentOf = ({ version: _version, updated_at: _updatedAt, ...content }: Task): object => ({
  ...content,
  reminders: content.reminders?.map(({ set_at: _setAt, ...reminder }) => reminder),
});

describe("a merge patch", () => {
  it("without fields changes nothing", () => {
    fc.assert(
      fc.property(tasks, (task) => assert.deepEqual(patchTask(task, {}, later()), { change: null, warnings: [] })),
    );
  });

  it("of the task's own values changes nothing: a client may send the whole object back", () => {
    fc.assert(
      fc.property(tasks, ({ ...task }) => {
        const {
          title,
          description,
          status,
          completed,
          priority,
          due_date,
          reminders = [],
          reminder_offset = null,
        } = task;
        assert.equal(
          patchTask(
            task,
            { title, description, status, completed, priority, due_date, reminders, reminder_offset },
            later(),
          ).change,
          null,
        );
      }),
    );
  });

  it("twice is the same as once", () => {
    fc.assert(
      fc.property(tasks, fields, (task, patch) => {
        const once = patchTask(task, patch, later()).change?.after ?? task;
        assert.equal(patchTask(once, patch, later(120_000)).change, null);
      }),
    );
  });

  it("keeps what is not sent, and bumps the version by one", () => {
    fc.assert(
      fc.property(tasks, fields, (task, patch) => {
        const { change } = patchTask(task, patch, later());
        if (change === null) return;
        const reminders = ["reminders", "reminder_offset"];
        const implied: Record<string, string[]> = {
          status: ["status", "completed", "completed_at", "reminders"],
          due_date: ["due_date", "due_at", "reminders"],
          reminders,
          reminder_offset: reminders,
        };
        const sent = new Set(Object.keys(patch).flatMap((field) => implied[field] ?? [field]));
        for (const field of Object.keys(task) as (keyof Task)[])
          if (!sent.has(field) && field !== "version" && field !== "updated_at")
            assert.deepEqual(change.after[field], task[field], field);
        assert.equal(change.after.version, task.version + 1);
        assert.equal(change.after.updated_at, "2026-03-01T12:01:00.000Z");
        assert.equal(change.before, task);
      }),
    );
  });

  it("with null takes a value away", () => {
    const { after } = changeOf(
      patchTask(made({ description: "x", due_date: "2026-04-01" }), { description: null, due_date: null }, later()),
    );
    assert.deepEqual([after.description, after.due_date, after.due_at], [null, null, null]);
  });

  it("understands the older client's completed", () => {
    const { after } = changeOf(patchTask(made(), { completed: true }, later()));
    assert.deepEqual([after.status, after.completed_at], ["completed", "2026-03-01T12:01:00.000Z"]);
    const { after: again } = changeOf(patchTask(after, { completed: false }, later()));
    assert.deepEqual([again.status, again.completed_at], ["pending", null]);
  });

  it("warns of a past due date only when it sets one", () => {
    const task = made({ due_date: "2026-02-01" });
    assert.deepEqual(patchTask(task, { title: "other" }, later()).warnings, []);
    assert.deepEqual(patchTask(task, { due_date: "2026-02-01" }, later()), { change: null, warnings: [] });
    assert.deepEqual(patchTask(task, { due_date: "2026-02-02" }, later()).warnings, ["due_date_in_past"]);
  });

  it("names the field it refuses", () => {
    assert.throws(() => patchTask(made(), { title: "  " }, context), refuses("title"));
    assert.throws(() => patchTask(made(), { due_date: "2026-02-30" }, context), refuses("due_date"));
    assert.throws(() => patchTask(made(), { status: "pending", completed: true }, context), refuses("completed"));
  });

  it("that sends another text of the same due date changes nothing", () => {
    const task = made({ due_date: "2026-04-01T09:00:00Z" });
    assert.equal(patchTask(task, { due_date: "2026-04-01T11:00+02:00" }, later()).change, null);
  });
});

describe("commands", () => {
  const commands = { completeTask, reopenTask, deleteTask, restoreTask };
  for (const [name, command] of Object.entries(commands))
    it(`${name} is safe to repeat`, () => {
      fc.assert(
        fc.property(tasks, (task) => {
          const once = command(task, later()).change?.after ?? task;
          assert.equal(command(once, later(120_000)).change, null);
        }),
      );
    });

  it("a second completion keeps the first one's instant", () => {
    const { after } = changeOf(completeTask(made(), later()));
    assert.equal(completeTask(after, later(999_999)).change, null);
    assert.equal(after.completed_at, "2026-03-01T12:01:00.000Z");
  });

  it("trash and restore give the task back as it was", () => {
    fc.assert(
      fc.property(tasks, (task) => {
        const trashed = changeOf(deleteTask(task, later())).after;
        assert.equal(trashed.deleted_at, "2026-03-01T12:01:00.000Z");
        assert.deepEqual(contentOf(changeOf(restoreTask(trashed, later())).after), contentOf(task));
      }),
    );
  });
});

describe("changes", () => {
  const steps = fc.oneof(
    fields.map((patch) => (task: Task) => patchTask(task, patch, later()).change),
    fc
      .constantFrom(completeTask, reopenTask, deleteTask, restoreTask)
      .map((command) => (task: Task) => command(task, later()).change),
    fc
      .constantFrom("UTC", "Asia/Tokyo", "Europe/Rome")
      .map((zone) => (task: Task) => moveToClock(task, later(60_000, zone))),
  );

  it("with the event's task they tell the task before", () => {
    fc.assert(
      fc.property(tasks, steps, (task, step) => {
        const change = step(task);
        if (change === null) return;
        const event = {
          event_type: eventTypeOf(change),
          task: change.after,
          changes: changesBetween(change.before, change.after),
        };
        assert.deepEqual(contentOf(taskBefore(event) as Task), contentOf(task));
        assert.equal(taskBefore(event)?.version, task.version);
      }),
    );
  });

  it("survive JSON, in which they are stored and sent", () => {
    fc.assert(
      fc.property(tasks, steps, (task, step) => {
        const change = step(task);
        if (change === null) return;
        const event = {
          event_type: eventTypeOf(change),
          task: change.after,
          changes: changesBetween(change.before, change.after),
        };
        assert.deepEqual(taskBefore(JSON.parse(JSON.stringify(event)) as typeof event), taskBefore(event));
      }),
    );
  });

  it("are never empty, and never tell what only says the same", () => {
    fc.assert(
      fc.property(tasks, steps, (task, step) => {
        const change = step(task);
        if (change === null) return;
        const names = Object.keys(changesBetween(change.before, change.after));
        assert.ok(names.length > 0);
        assert.deepEqual(
          names.filter((name) => ["version", "updated_at", "completed"].includes(name)),
          [],
        );
      }),
    );
  });

  it("of a new task are its fields that are set", () => {
    const { title, description, status } = changesBetween(null, made());
    assert.deepEqual(
      [title, description, status],
      [{ old: null, new: "Pay rent" }, undefined, { old: null, new: "pending" }],
    );
  });

  it("reverted give the content back, as a newer version", () => {
    fc.assert(
      fc.property(tasks, steps, (task, step) => {
        const change = step(task);
        if (change === null) return;
        const reverted = revertChange({ before: task, current: change.after }, later(120_000));
        assert.ok(reverted);
        assert.deepEqual(contentOf(reverted.after), contentOf(task));
        assert.equal(reverted.after.version, task.version + 2);
      }),
    );
  });

  it("reverted twice give the changed content back", () => {
    fc.assert(
      fc.property(tasks, fields, (task, patch) => {
        const change = patchTask(task, patch, later()).change;
        if (change === null) return;
        const undone = revertChange({ before: task, current: change.after }, later());
        assert.ok(undone);
        const redone = revertChange({ before: change.after, current: undone.after }, later());
        assert.deepEqual(contentOf(redone?.after as Task), contentOf(change.after));
      }),
    );
  });

  it("that made a task are reverted into the trash", () => {
    const { after } = revertChange({ before: null, current: made() }, later()) as TaskChange;
    assert.equal(after.deleted_at, "2026-03-01T12:01:00.000Z");
  });

  it("reverted after the user moved put the due date where the user is now", () => {
    const task = made({ due_date: "2026-04-01T09:00" });
    const { after: cleared } = changeOf(patchTask(task, { due_date: null }, later()));
    const reverted = revertChange({ before: task, current: cleared }, later(1, "America/New_York")) as TaskChange;
    assert.deepEqual(
      [reverted.after.due_date, reverted.after.due_at],
      ["2026-04-01T09:00", "2026-04-01T13:00:00.000Z"],
    );
  });
});

describe("a move to another zone", () => {
  it("moves dates and wall-clock times, and leaves instants and tasks without a due date alone", () => {
    const moved = (due_date: string | null) => moveToClock(made({ due_date }), later(0, "America/New_York"));
    assert.deepEqual(changesBetween(made({ due_date: "2026-04-01" }), moved("2026-04-01")?.after as Task), {
      due_at: { old: "2026-03-31T22:00:00.000Z", new: "2026-04-01T04:00:00.000Z" },
    });
    assert.equal(moved("2026-04-01T09:00")?.after.due_at, "2026-04-01T13:00:00.000Z");
    assert.equal(moved("2026-04-01T09:00:00Z"), null);
    assert.equal(moved(null), null);
  });

  it("into a zone with the same clocks changes nothing", () => {
    assert.equal(moveToClock(made({ due_date: "2026-04-01T09:00" }), later(0, "Europe/Berlin")), null);
  });

  it("moves when it is overdue", () => {
    assert.equal(overdueAt(made(), "UTC"), null);
    assert.equal(overdueAt(made({ due_date: "2026-04-01" }), "America/New_York"), Date.parse("2026-04-02T04:00:00Z"));
  });
});

describe("an expected version", () => {
  it("that is another one is refused with the task as it is", () => {
    const task = made();
    checkVersion(task, undefined);
    checkVersion(task, 1);
    assert.throws(
      () => checkVersion(task, 2),
      (error) =>
        error instanceof DomainError && error.code === "version_mismatch" && error.extras.members?.["task"] === task,
    );
  });
});

describe("a purge", () => {
  it("is news: a version more, and its own event", () => {
    const trashed = changeOf(deleteTask(made(), later())).after;
    const change = purgeTask(trashed, later());
    assert.deepEqual([change.after.version, change.purged, eventTypeOf(change)], [3, true, "task.deleted"]);
  });
});
