import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DomainError } from "../../src/contract/problem.ts";
import type { TaskReminder } from "../../src/contract/reminder.ts";
import type { Task, TaskFields } from "../../src/contract/task.ts";
import { createUndoWorld, type UndoWorld } from "./undo-world.ts";

/*
 * Random writes to a few tasks, and undos of any of them in any order, held against a model that knows nothing of how an
 * undo is decided: it plays the writes that are not undone, from the first.
 */

const ids = ["a", "b", "c"] as const;
type Id = (typeof ids)[number];

type Step =
  | { readonly kind: "write"; readonly id: Id; readonly fields: readonly WrittenField[] }
  | { readonly kind: "command"; readonly id: Id; readonly command: "complete" | "reopen" | "delete" | "restore" }
  | { readonly kind: "remind"; readonly id: Id }
  | { readonly kind: "bulk"; readonly ids: readonly Id[]; readonly field: WrittenField }
  | { readonly kind: "undo"; readonly pick: number };

const writtenFields = ["title", "description", "due_date"] as const;
type WrittenField = (typeof writtenFields)[number];

const id = fc.constantFrom(...ids);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      id,
      fields: fc.uniqueArray(fc.constantFrom(...writtenFields), { minLength: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("command" as const),
      id,
      command: fc.constantFrom("complete", "reopen", "delete", "restore"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remind" as const), id }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("bulk" as const),
      ids: fc.uniqueArray(id, { minLength: 1 }),
      field: fc.constantFrom(...writtenFields),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("undo" as const), pick: fc.nat({ max: 40 }) }) },
);

/** A value that the field of no task has had: one that comes again would not tell the write that it is from. */
const fresh = (field: WrittenField, number: number): TaskFields =>
  field === "due_date"
    ? { due_date: new Date(Date.UTC(2027, 0, number)).toISOString().slice(0, 10) }
    : { [field]: `${field} ${number}` };

/** Makes a step; undefined where there is nothing for it to do. */
const take = (world: UndoWorld, step: Exclude<Step, { kind: "undo" }>, number: number): number | undefined => {
  const isThere = (one: Id): boolean => world.get(one).deleted_at === null;
  switch (step.kind) {
    case "write":
      return isThere(step.id)
        ? world.patch(step.id, Object.assign({}, ...step.fields.map((field) => fresh(field, number))) as TaskFields)
        : undefined;
    case "command":
      return isThere(step.id) || step.command === "restore" ? world.command(step.id, step.command) : undefined;
    case "remind":
      return isThere(step.id) ? world.remind(step.id, `PT${number}M`) : undefined;
    case "bulk": {
      const there = step.ids.filter(isThere);
      return there.length === 0 ? undefined : world.bulk(there.map((one) => [one, fresh(step.field, number)]));
    }
  }
};

/** What a task says, by field; each reminder is a field of its own. */
type Said = ReadonlyMap<string, unknown>;

const saidFields = ["title", "description", "due_date", "status", "completed_at", "deleted_at"] as const;

const saidBy = (task: Task | null): Map<string, unknown> =>
  new Map<string, unknown>([
    ...saidFields.map((field) => [field, task?.[field] ?? null] as const),
    ...remindersOf(task).map(({ id: reminder, offset }) => [`reminder ${reminder}`, offset] as const),
  ]);

const remindersOf = (task: Task | null): readonly TaskReminder[] => task?.reminders ?? [];

const same = (one: unknown, other: unknown): boolean => (one ?? null) === (other ?? null);

/** The writes that are not undone, played on what was there before the first of them. */
const play = (world: UndoWorld, live: readonly number[], start: ReadonlyMap<string, Said>): Map<string, Said> => {
  const played = new Map([...start].map(([task, said]) => [task, new Map(said)]));
  for (const write of live)
    for (const { before, after } of world.changesOf(write)) {
      const [was, is, now] = [saidBy(before), saidBy(after), played.get(after.id)];
      for (const field of new Set([...was.keys(), ...is.keys()]))
        if (!same(was.get(field), is.get(field))) now?.set(field, is.get(field) ?? null);
    }
  return played;
};

const assertSaid = (world: UndoWorld, expected: ReadonlyMap<string, Said>): void => {
  for (const [task, said] of expected) {
    const now = saidBy(world.get(task));
    for (const field of new Set([...now.keys(), ...said.keys()]))
      assert.ok(
        same(now.get(field), said.get(field)),
        `${field} of ${task} is ${String(now.get(field))}, not ${String(said.get(field))}`,
      );
  }
};

/** Undoes a write; undefined when that is refused, and then nothing has changed. */
const tryUndo = (world: UndoWorld, write: number): number | undefined => {
  const before = ids.map((one) => world.get(one));
  try {
    return world.undo(write);
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === "undo_conflict", String(error));
    assert.deepEqual(
      ids.map((one) => world.get(one)),
      before,
    );
    return undefined;
  }
};

const begin = (): { world: UndoWorld; start: ReadonlyMap<string, Said> } => {
  const world = createUndoWorld();
  for (const one of ids) world.create(one, { title: one, due_date: "2026-03-01", reminder_offset: "P1D" });
  return { world, start: new Map(ids.map((one) => [one, saidBy(world.get(one))])) };
};

/** The writes of a history, and which of them hold: an undo ends the write it takes back, and its own undo revives it. */
const createLedger = () => {
  const targets = new Map<number, number>();
  let live: readonly number[] = [];
  /** The write that an undo ends or revives in the end, and which of the two it does. */
  const effectOf = (write: number): { root: number; revives: boolean } => {
    const target = targets.get(write);
    if (target === undefined) return { root: write, revives: false };
    const { root, revives } = effectOf(target);
    return { root, revives: !revives };
  };
  return {
    live: () => live,
    add: (write: number) => (live = [...live, write]),
    addUndo(undo: number, target: number): void {
      const { root, revives } = effectOf(target);
      live = live.filter((each) => each !== root);
      if (revives) live = [...live, root].toSorted((one, other) => one - other);
      targets.set(undo, target);
    },
    /**
     * Whether the value that a write left is there because of another write since: `deleted_at` is null again after a
     * second restoring, and an undo cannot tell that from the first.
     */
    isAgain(world: UndoWorld, target: number): boolean {
      const { root, revives } = effectOf(target);
      if (live.includes(root) === revives) return true;
      const written = fieldsOf(world, root);
      return live.some((each) => each > root && fieldsOf(world, each).some((field) => written.includes(field)));
    },
  };
};

const fieldsOf = (world: UndoWorld, write: number): string[] =>
  world.changesOf(write).flatMap(({ before, after }) => {
    const [was, is] = [saidBy(before), saidBy(after)];
    const fields = [...new Set([...was.keys(), ...is.keys()])];
    return fields.filter((field) => !same(was.get(field), is.get(field))).map((field) => `${after.id} ${field}`);
  });

/** Lives one history to its end, or to an undo of a value that came again; answers how many undos were accepted. */
const live = (steps: readonly Step[]): number => {
  const { world, start } = begin();
  const ledger = createLedger();
  const writes: number[] = [];
  let undone = 0;
  for (const [index, each] of steps.entries()) {
    const target = each.kind === "undo" ? writes[each.pick % Math.max(writes.length, 1)] : undefined;
    const write = each.kind === "undo" ? target && tryUndo(world, target) : take(world, each, index + 2);
    if (write === undefined || world.changesOf(write).length === 0) continue;
    if (target === undefined) ledger.add(write);
    else if (ledger.isAgain(world, target)) return undone;
    else ledger.addUndo(write, target);
    if (target !== undefined) undone += 1;
    writes.push(write);
    assertSaid(world, play(world, ledger.live(), start));
  }
  return undone;
};

const histories = fc.array(step, { minLength: 2, maxLength: 24 });
const RUNS = { numRuns: 300, seed: 13 };

describe("random writes and undos", () => {
  it("leave in each field what the writes that are not undone say", () => {
    let undone = 0;
    fc.assert(
      fc.property(histories, (steps) => {
        undone += live(steps);
      }),
      RUNS,
    );
    assert.ok(undone > RUNS.numRuns, `${undone} undos were accepted`);
  });

  it("are what was there at first once all are undone, the newest first", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const { world } = begin();
        const first = ids.map((one) => world.content(one));
        const writes: number[] = [];
        for (const [index, each] of steps.entries()) {
          const target = each.kind === "undo" ? writes[each.pick % Math.max(writes.length, 1)] : undefined;
          const write = each.kind === "undo" ? target && tryUndo(world, target) : take(world, each, index + 2);
          if (write !== undefined) writes.push(write);
        }
        for (const write of writes.toReversed()) world.undo(write);
        assert.deepEqual(
          ids.map((one) => world.content(one)),
          first,
        );
      }),
      RUNS,
    );
  });
});
