import assert from "node:assert/strict";
import type { Command } from "../../src/contract/command.ts";
import type { NewTask, Task, TaskFields } from "../../src/contract/task.ts";
import { decide } from "../../src/domain/command/decide.ts";
import type { SeriesContext } from "../../src/domain/series/draft.ts";
import type { TaskVerb } from "../../src/domain/series/task-write.ts";
import { decideUndo, type WrittenStates } from "../../src/domain/series/undo.ts";
import type { TaskChange } from "../../src/domain/task.ts";
import { createWorld, type Tasks } from "../series/world.ts";

/** One user's tasks, of which every write can be named later, by its number. */
export interface UndoWorld {
  create(id: string, input: NewTask): number;
  patch(id: string, fields: TaskFields): number;
  command(id: string, verb: TaskVerb): number;
  /** Adds one reminder. */
  remind(id: string, offset: string): number;
  bulk(patches: readonly (readonly [id: string, fields: TaskFields])[]): number;
  /** @throws DomainError as the domain does */
  undo(write: number): number;
  purge(id: string): void;
  wait(ms: number): void;
  moveTo(zone: string): void;
  now(): number;
  get(id: string): Task;
  all(): readonly Task[];
  /** What a task says, or said at an earlier version: all but when it was written. */
  content(id: string, version?: number): Partial<Task>;
  changesOf(write: number): readonly TaskChange[];
}

const START = Date.parse("2026-03-01T08:00:00.000Z");

export const createUndoWorld = (): UndoWorld => {
  const world = createWorld(START, "Europe/Rome");
  const writes: (readonly TaskChange[])[] = [];
  const versions = new Map<string, Task>();

  const write = (decide: (tasks: Tasks, context: SeriesContext) => readonly TaskChange[]): number => {
    const changes = world.write(decide);
    assert.ok(changes !== undefined, "the write was refused");
    for (const { after } of changes) versions.set(`${after.id} ${after.version}`, after);
    return writes.push(changes) - 1;
  };

  const obey = (...commands: readonly Command[]): number =>
    write((tasks, context) =>
      commands.flatMap((command) => decide(command, { userId: "user", tasks }, context).changes),
    );

  const get = (id: string): Task => {
    const task = world.tasks.get(id);
    assert.ok(task, `there is no task ${id}`);
    return task;
  };

  const changesOf = (number: number): readonly TaskChange[] => {
    const changes = writes[number];
    assert.ok(changes, `there is no write ${number}`);
    return changes;
  };

  return {
    get,
    changesOf,
    create: (id, task) => obey({ kind: "task.create", task: { ...task, id } }),
    patch: (id, patch) => obey({ kind: "task.update", id, patch }),
    command: (id, verb) => obey({ kind: `task.${verb}`, id }),
    remind: (task_id, offset) => obey({ kind: "reminder.add", task_id, reminder: { offset } }),
    bulk: (patches) => obey(...patches.map(([id, patch]) => ({ kind: "task.update", id, patch }) as const)),
    undo(number) {
      const written = statesOf(changesOf(number));
      decideUndo(world.tasks, written, world.context);
      return write((tasks, context) => decideUndo(tasks, written, context));
    },
    purge: (id) => world.remove(id),
    wait: world.wait,
    moveTo: world.moveTo,
    now: () => world.context.now,
    all: () => [...world.tasks.values()],
    content(id, version) {
      const task = version === undefined ? get(id) : versions.get(`${id} ${version}`);
      assert.ok(task, `${id} has had no version ${version}`);
      const { version: _version, updated_at: _updatedAt, reminders = [], ...content } = task;
      return { ...content, reminders: reminders.map((reminder) => ({ ...reminder, set_at: "" })) };
    },
  };
};

const statesOf = (changes: readonly TaskChange[]): WrittenStates => ({
  first: new Map(changes.toReversed().map(({ before, after }) => [after.id, before])),
  last: new Map(changes.map(({ after }) => [after.id, after])),
});
