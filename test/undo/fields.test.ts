import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError } from "../../src/contract/problem.ts";
import type { NewTask, Task, TaskFields } from "../../src/contract/task.ts";
import type { Conflict } from "../../src/domain/undo/conflict-words.ts";
import { createUndoWorld, type UndoWorld } from "./undo-world.ts";

const refusedBy = (run: () => unknown): { words: string; conflicts: readonly Conflict[] } => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === "undo_conflict", String(error));
    return { words: error.message, conflicts: error.extras.members?.["conflicts"] as readonly Conflict[] };
  }
  assert.fail("it was undone");
};

const wordsOf = (world: UndoWorld, write: number): string => refusedBy(() => world.undo(write)).words;
const fieldsOf = (world: UndoWorld, write: number): unknown =>
  refusedBy(() => world.undo(write)).conflicts.map(({ id, fields }) => [id, fields]);

const start: NewTask = { title: "Pay rent", due_date: "2026-04-01T09:00", priority: "low", description: "by bank" };
const begin = (input: NewTask = start): { world: UndoWorld; creation: number } => {
  const world = createUndoWorld();
  return { world, creation: world.create("a", input) };
};

describe("an undo takes back the fields that its write changed", () => {
  it("one by one, the newest first, to the start", () => {
    const { world } = begin();
    const before = world.content("a");
    const writes = [{ priority: "high" }, { due_date: "2026-05-05" }, { title: "Pay the rent" }] as TaskFields[];
    const handles = writes.map((fields) => world.patch("a", fields));
    for (const handle of handles.toReversed()) world.undo(handle);
    assert.deepEqual(world.content("a"), before);
  });

  it("and leaves what others changed since, whichever goes first", () => {
    for (const [field, fields] of Object.entries({
      priority: { priority: "high" },
      due_date: { due_date: "2026-05-05" },
      title: { title: "Pay the rent" },
      description: { description: null },
    } satisfies Record<string, TaskFields>)) {
      const { world } = begin({ ...start, reminder_offset: "PT1H" });
      const handle = world.patch("a", fields);
      const later: TaskFields = {
        priority: "medium",
        due_date: "2026-06-06T10:00",
        title: "Rent",
        description: "in cash",
        status: "completed",
      };
      delete later[field as keyof TaskFields];
      world.patch("a", later);
      const left = world.get("a");
      world.undo(handle);
      const [now, first] = [world.get("a"), world.content("a", 1)];
      assert.equal(now[field as keyof Task], first[field as keyof Task], field);
      for (const other of Object.keys(later) as (keyof Task)[]) assert.equal(now[other], left[other], other);
    }
  });

  it("is refused for a field that is another now, in words, and changes nothing", () => {
    const { world } = begin();
    const handle = world.patch("a", { title: "Pay the rent", priority: "high", description: "in cash" });
    world.patch("a", { title: "Rent", priority: "medium", due_date: "2026-05-05" });
    const before = world.get("a");
    assert.equal(wordsOf(world, handle), "“Rent” (renamed, another priority) has changed since, so nothing was undone");
    assert.deepEqual(fieldsOf(world, handle), [["a", ["title", "priority"]]]);
    assert.equal(world.get("a"), before);
  });

  it("goes by values: one that is back is no conflict, whoever put it back", () => {
    const { world } = begin();
    const handle = world.patch("a", { title: "Pay the rent" });
    const other = world.patch("a", { title: "Rent" });
    assert.deepEqual(fieldsOf(world, handle), [["a", ["title"]]]);
    world.undo(other);
    world.undo(handle);
    assert.equal(world.get("a").title, "Pay rent");
  });

  it("takes a text as a whole", () => {
    const { world } = begin();
    const handle = world.patch("a", { description: "by bank\non the first" });
    world.patch("a", { description: "by bank\non the first\nand keep the receipt" });
    assert.equal(wordsOf(world, handle), "“Pay rent” (another description) has changed since, so nothing was undone");
  });

  it("of several tasks is of all or of none", () => {
    const { world } = begin();
    world.create("b", { title: "Call Ada" });
    const handle = world.bulk([
      ["a", { title: "A" }],
      ["b", { title: "B" }],
    ]);
    world.patch("a", { priority: "high" });
    world.patch("b", { title: "Bee" });
    assert.deepEqual(fieldsOf(world, handle), [["b", ["title"]]]);
    assert.equal(world.get("a").title, "A");
    world.patch("b", { title: "B" });
    world.undo(handle);
    assert.deepEqual(
      [world.get("a").title, world.get("a").priority, world.get("b").title],
      ["Pay rent", "high", "Call Ada"],
    );
  });
});

describe("a redo", () => {
  it("is the undo of an undo, and so on", () => {
    const { world } = begin();
    let handle = world.patch("a", { title: "two" });
    for (const title of ["Pay rent", "two", "Pay rent", "two"]) {
      handle = world.undo(handle);
      assert.equal(world.get("a").title, title);
    }
  });

  it("leaves what was changed between", () => {
    const { world } = begin();
    const undone = world.undo(world.patch("a", { title: "two", priority: "high" }));
    world.patch("a", { description: "in cash" });
    world.undo(undone);
    const { title, priority, description } = world.get("a");
    assert.deepEqual([title, priority, description], ["two", "high", "in cash"]);
  });

  it("makes the first handle good again, and an undo makes it useless", () => {
    const { world } = begin();
    const handle = world.command("a", "delete");
    const undone = world.undo(handle);
    assert.match(wordsOf(world, handle), /put back already/);
    world.undo(undone);
    assert.notEqual(world.get("a").deleted_at, null);
    world.undo(handle);
    assert.equal(world.get("a").deleted_at, null);
  });
});

describe("the undo of a creation", () => {
  it("moves the task to the trash, and back, as long as nothing was done to it", () => {
    const { world, creation } = begin();
    const undone = world.undo(creation);
    assert.notEqual(world.get("a").deleted_at, null);
    world.undo(undone);
    assert.equal(world.get("a").deleted_at, null);
  });

  it("is refused for whatever was done to the task since", () => {
    const { world, creation } = begin();
    const renamed = world.patch("a", { title: "Rent" });
    assert.deepEqual(fieldsOf(world, creation), [["a", ["title"]]]);
    world.undo(renamed);
    const completed = world.command("a", "complete");
    assert.equal(wordsOf(world, creation), "“Pay rent” (completed) has changed since, so nothing was undone");
    world.undo(completed);
    world.undo(creation);
    assert.match(wordsOf(world, creation), /moved to the trash/);
  });
});

describe("the undo of a deletion or a restoring", () => {
  it("asks for the same stay in the trash", () => {
    const { world } = begin();
    const first = world.command("a", "delete");
    const restored = world.command("a", "restore");
    assert.match(wordsOf(world, first), /put back already/);
    world.command("a", "delete");
    assert.match(wordsOf(world, first), /moved to the trash/);
    assert.match(wordsOf(world, restored), /put back already|moved to the trash/);
  });

  it("gives the usual time in the trash where it had been there for long", () => {
    const { world } = begin();
    world.command("a", "delete");
    world.wait(29 * 86_400_000);
    const restored = world.command("a", "restore");
    world.undo(restored);
    assert.equal(world.get("a").deleted_at, new Date(world.now()).toISOString());
  });

  it("is possible for what was changed before it went there", () => {
    const { world } = begin();
    const renamed = world.patch("a", { title: "Rent" });
    world.command("a", "delete");
    world.undo(renamed);
    assert.equal(world.get("a").title, "Pay rent");
    assert.notEqual(world.get("a").deleted_at, null);
  });

  it("is refused for a task that is gone for good", () => {
    const { world } = begin();
    const deleted = world.command("a", "delete");
    world.purge("a");
    assert.equal(wordsOf(world, deleted), "“Pay rent” (removed for good) has changed since, so nothing was undone");
  });
});

describe("reminders", () => {
  const offsets = (world: UndoWorld) => (world.get("a").reminders ?? []).map(({ offset }) => offset);
  const at = (world: UndoWorld) => world.get("a").reminders?.[0]?.remind_at;

  it("are taken back one by one", () => {
    const { world } = begin();
    const first = world.remind("a", "PT1H");
    world.remind("a", "P1D");
    world.undo(first);
    assert.deepEqual(offsets(world), ["P1D"]);
    const removed = world.patch("a", { reminders: [] });
    world.remind("a", "PT2H");
    world.undo(removed);
    assert.deepEqual(offsets(world), ["P1D", "PT2H"]);
  });

  it("follow a due date that goes back, and are no conflict when they have followed it", () => {
    const { world } = begin({ ...start, reminder_offset: "PT1H" });
    const was = at(world);
    const renamed = world.patch("a", { title: "Rent" });
    const moved = world.patch("a", { due_date: "2026-05-05T09:00" });
    assert.notEqual(at(world), was);
    world.undo(renamed);
    world.undo(moved);
    assert.equal(at(world), was);
  });

  it("are a conflict when the same one was changed, or set anew", () => {
    const { world } = begin({ ...start, reminder_offset: "PT1H" });
    const removed = world.patch("a", { reminders: [] });
    world.remind("a", "PT1H");
    assert.equal(wordsOf(world, removed), "“Pay rent” (other reminders) has changed since, so nothing was undone");
    const other = begin();
    const added = other.world.patch("a", { reminder_offset: "PT1H" });
    other.world.patch("a", { reminder_offset: "PT2H" });
    assert.deepEqual(fieldsOf(other.world, added), [["a", ["reminders"]]]);
  });
});

describe("a series", () => {
  const daily: NewTask = { title: "Water plants", due_date: "2026-03-05", recurrence_pattern: "daily" };
  const openOf = (world: UndoWorld): Task => {
    const open = world
      .all()
      .find((task) => task.occurrence_date != null && !task.completed && task.deleted_at === null);
    assert.ok(open);
    return open;
  };

  it("gets its rule back as a whole, and keeps the words it got since", () => {
    const { world } = begin(daily);
    const weekly = world.patch("a", { recurrence_pattern: "weekly" });
    world.patch("a", { title: "Water all plants" });
    world.undo(weekly);
    assert.deepEqual(
      [world.get("a").recurrence_pattern, world.get("a").title, openOf(world).title],
      ["daily", "Water all plants", "Water all plants"],
    );
    const monthly = world.patch("a", { recurrence_pattern: "monthly" });
    world.patch("a", { recurrence_catch_up: "all" });
    assert.match(wordsOf(world, monthly), /“Water all plants” \(another what is made up for\)/);
  });

  it("is a task again that does not repeat, without a next date", () => {
    const { world } = begin({ title: "Water plants", due_date: "2026-03-05" });
    const before = world.content("a");
    const repeats = world.patch("a", { recurrence_pattern: "daily" });
    world.undo(repeats);
    assert.deepEqual(world.content("a"), before);
  });

  it("reopens an occurrence that was renamed since it was completed", () => {
    const { world } = begin(daily);
    const { id } = openOf(world);
    const completed = world.command(id, "complete");
    world.patch("a", { title: "Water all plants" });
    world.patch(id, { description: "twice" });
    world.undo(completed);
    assert.deepEqual([openOf(world).id, openOf(world).description], [id, "twice"]);
    assert.equal(world.all().filter((task) => task.occurrence_date != null && task.deleted_at === null).length, 1);
  });

  it("keeps the next occurrence that somebody has written on, when a completion is taken back", () => {
    const { world } = begin(daily);
    const first = openOf(world);
    const completed = world.command(first.id, "complete");
    const next = openOf(world);
    world.patch(next.id, { description: "with the new can" });
    world.undo(completed);
    assert.deepEqual(
      [world.get(first.id).status, world.get(next.id).deleted_at, world.get(next.id).description],
      ["pending", null, "with the new can"],
    );
  });

  it("that was made is not taken back over what somebody did with its occurrences", () => {
    const { world, creation } = begin({ ...daily, recurrence_catch_up: "all" });
    world.wait(5 * 86_400_000);
    const open = world.all().filter((task) => task.occurrence_date != null && task.deleted_at === null);
    assert.ok(open.length > 1, "time has made more of them");
    const last = open.at(-1)?.id ?? "";
    const renamed = world.patch(last, { title: "Water the palm" });
    assert.deepEqual(fieldsOf(world, creation), [[last, ["title"]]]);
    world.undo(renamed);
    world.undo(creation);
    assert.ok(world.all().every(({ deleted_at }) => deleted_at !== null));
  });

  it("does not move a date that was done since", () => {
    const { world } = begin({ ...daily, due_date: "2026-03-03" });
    const moved = world.patch("a", { due_date: "2026-03-07" });
    const { id } = openOf(world);
    world.command(id, "complete");
    const { conflicts } = refusedBy(() => world.undo(moved));
    assert.ok(conflicts.some((conflict) => conflict.id === id && conflict.fields.includes("status")));
  });
});

describe("the user's clock", () => {
  it("is no conflict: what followed it goes back to where the user is now", () => {
    const { world } = begin({ ...start, reminder_offset: "PT1H" });
    const moved = world.patch("a", { due_date: "2026-05-05T09:00" });
    world.moveTo("America/New_York");
    world.undo(moved);
    const { due_date, due_at, reminders } = world.get("a");
    assert.deepEqual(
      [due_date, due_at, reminders?.[0]?.remind_at],
      ["2026-04-01T09:00", "2026-04-01T13:00:00.000Z", "2026-04-01T12:00:00.000Z"],
    );
  });
});
