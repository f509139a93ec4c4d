import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Task } from "../../contract/task.ts";
import { retimeReminders } from "../reminder/timing.ts";
import type { TaskChange } from "../task.ts";
import type { SeriesContext } from "./draft.ts";
import { decideKeep } from "./keep-series.ts";
import { isOpen, isWithdrawn } from "./occurrence.ts";
import { isSeries } from "./series-rule.ts";
import { decideCommand, decideCreate, decidePatch, type TaskVerb } from "./task-write.ts";
import { decideUndo } from "./undo.ts";

const START = Date.parse("2026-03-01T08:00:00.000Z");
const DAY = 86_400_000;
const identity = { id: "series", userId: "user" };

/** A user's tasks in memory, and what a processor that is never late does after each write. */
const createWorld = () => {
  const tasks = new Map<string, Task>();
  let now = START;
  let ids = 0;
  const context = (): SeriesContext => ({
    now,
    zone: "Europe/Rome",
    allDayHour: 9,
    newId: () => `new-${(ids += 1)}`,
    occurrenceId: (series, date) => `${series}@${date}`,
    reminderId: (reminder, occurrence) => `${reminder} of ${occurrence}`,
    occurrencesMade: (id) =>
      [...tasks.values()].filter((task) => task.parent_recurring_task_id === id && !isWithdrawn(task)).length,
  });
  const apply = (changes: readonly TaskChange[]): void => {
    for (const { before, after } of changes) {
      assert.equal(after.version, (before?.version ?? 0) + 1);
      assert.deepEqual(tasks.get(after.id) ?? null, before, "a change begins at what there is");
      tasks.set(after.id, after);
    }
  };
  const keep = (): void => {
    for (const series of [...tasks.values()].filter(isSeries)) {
      const isPaused = series.recurrence_paused_until != null && Date.parse(series.recurrence_paused_until) > now;
      const dates = series.next_occurrence_date == null || isPaused ? [] : [series.next_occurrence_date];
      apply(
        decideKeep(
          tasks,
          [{ series_id: series.id, series_version: series.version, dates, passed_over: null }],
          context(),
        ).changes,
      );
    }
  };
  return {
    tasks,
    context,
    apply,
    keep,
    get: (id: string): Task => {
      const task = tasks.get(id);
      assert.ok(task, id);
      return task;
    },
    wait: (ms: number) => (now += ms),
    live: () =>
      [...tasks.values()]
        .filter((task) => task.parent_recurring_task_id != null && task.deleted_at === null)
        .map(({ id, status, due_date, title, occurrence_outcome, reminders }) => ({
          id,
          status,
          due_date,
          title,
          occurrence_outcome,
          reminders: instants(reminders),
        }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
};

const instants = (reminders: Task["reminders"]) =>
  reminders?.map(({ id, offset, remind_at }) => ({ id, offset, remind_at }));

type World = ReturnType<typeof createWorld>;

const begin = (world: World, fields: object = {}): void => {
  world.apply(
    decideCreate(
      world.tasks,
      {
        title: "series",
        due_date: "2026-03-01T18:00",
        recurrence_pattern: "daily",
        reminder_offset: "PT15M",
        ...fields,
      },
      identity,
      world.context(),
    ).changes,
  );
  world.keep();
};

const undo = (world: World, changes: readonly TaskChange[]): void => {
  const first = new Map(changes.toReversed().map(({ before, after }) => [after.id, before]));
  const last = new Map(changes.map(({ after }) => [after.id, after]));
  world.apply(decideUndo(world.tasks, { first, last }, world.context()));
  world.keep();
};

type Step = { readonly command: TaskVerb } | { readonly patch: object; readonly scope?: "this" | "following" | "all" };

const steps: readonly Step[] = [
  { command: "complete" },
  { command: "skip" },
  { command: "detach" },
  { command: "delete" },
  { patch: { title: "other" } },
  { patch: { title: "mine" }, scope: "this" },
  { patch: { due_date: "2026-03-02T07:00" }, scope: "this" },
  { patch: { recurrence_pattern: "weekly:WED,FRI" } },
  { patch: { recurrence_pattern: null } },
  { patch: { due_date: "2026-03-04T10:00" } },
  { patch: { recurrence_paused_until: "2026-03-20" } },
  { patch: { recurrence_end_date: "2026-03-01" } },
  { patch: { recurrence_basis: "completion" } },
  { patch: { reminder_offset: "1 day" } },
  { patch: { reminder_offset: null }, scope: "this" },
  { patch: { reminders: [{ offset: "PT1H" }, { remind_at: "2026-03-02T07:00" }] } },
  { patch: { reminders: [{ remind_at: "2026-03-03T07:00" }] }, scope: "this" },
  { patch: { reminder_offset: "1 hour" }, scope: "following" },
  { patch: { title: "from here" }, scope: "following" },
  { patch: { due_date: "2026-03-05T11:00" }, scope: "following" },
];

const decide = (world: World, step: Step): readonly TaskChange[] => {
  const task = world.get("series");
  if ("patch" in step) return decidePatch(world.tasks, task, step.patch, step.scope, world.context()).changes;
  return decideCommand(world.tasks, task, step.command, {}, world.context()).changes;
};

const tryStep = (world: World, step: Step): readonly TaskChange[] => {
  if (world.get("series").deleted_at !== null) return [];
  try {
    return decide(world, step);
  } catch (error) {
    assert.match(String(error), /conflict|no open occurrence|before the first date|means nothing|DomainError/);
    return [];
  }
};

/** Every reminder has an id of its own, and the instant that follows from its due date. */
const assertReminded = (world: World): void => {
  const all = [...world.tasks.values()];
  const ids = all.flatMap(({ reminders = [] }) => reminders.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
  for (const task of all)
    assert.deepEqual(retimeReminders(task.reminders ?? [], task, world.context()), task.reminders);
};

/** What must hold of every series after every write, once the processor has seen it. */
const assertSound = (world: World): void => {
  for (const series of [...world.tasks.values()].filter(isSeries)) {
    const occurrences = [...world.tasks.values()].filter((task) => task.parent_recurring_task_id === series.id);
    const dates = occurrences.map(({ occurrence_date }) => occurrence_date);
    assert.equal(new Set(dates).size, dates.length, "each date once");
    if (series.deleted_at !== null) assert.ok(!occurrences.some(isOpen), "a deleted series has nothing open");
    else if (series.next_occurrence_date != null && series.recurrence_paused_until == null)
      assert.ok(
        isOpen(occurrences.find(({ occurrence_date }) => occurrence_date === series.next_occurrence_date) ?? series),
        "the next one is open",
      );
  }
};

describe("a series", () => {
  it("is sound after any writes in any order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.constantFrom(...steps), wait: fc.integer({ min: 0, max: 2 * DAY }) }), {
          maxLength: 12,
        }),
        (writes) => {
          const world = createWorld();
          begin(world);
          for (const { step, wait } of writes) {
            world.wait(wait);
            world.apply(tryStep(world, step));
            world.keep();
            assertSound(world);
            assertReminded(world);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is as it was after the undo of any write, whatever the processor has made since", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 4 }), fc.constantFrom(...steps), (earlier, step) => {
        const world = createWorld();
        begin(world);
        for (const one of earlier) {
          world.apply(tryStep(world, one));
          world.keep();
          world.wait(1_000);
        }
        const [before, next] = [world.live(), world.get("series").next_occurrence_date];
        const changes = tryStep(world, step);
        if (changes.length === 0) return;
        world.apply(changes);
        world.keep();
        undo(world, changes);
        assert.deepEqual([world.live(), world.get("series").next_occurrence_date], [before, next]);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the anchor of a month's last days", () => {
    const world = createWorld();
    begin(world, { due_date: "2027-01-31", recurrence_pattern: "monthly" });
    const dates = ["2027-01-31", "2027-02-28", "2027-03-31"].map((date) => {
      assert.equal(world.get("series").next_occurrence_date, date);
      world.apply(decide(world, { command: "complete" }));
      world.keep();
      world.wait(DAY);
      return date;
    });
    assert.equal(dates.length, 3);
  });
});
