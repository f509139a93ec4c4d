import type { Task } from "../../../src/contract/task.ts";
import type { Before } from "./operation.ts";

/** The tasks that a command touched, as they showed before it and right after it. */
export interface Touched {
  readonly before: readonly Before[];
  readonly left: readonly Before[];
}

/**
 * What shows when a command is taken back: the fields it changed as they were before, and the others as they are now,
 * which is what the server makes of it.
 */
export const putBack = ({ before, left }: Touched, now: ReadonlyMap<string, Task>): Before[] =>
  before.map(({ id, task }) => {
    const after = left.find((each) => each.id === id)?.task ?? null;
    return { id, task: putBackTask(task, after, now.get(id) ?? null) };
  });

const putBackTask = (before: Task | null, left: Task | null, now: Task | null): Task | null => {
  // What shows no change of its own (a revert) is known only as what was there before.
  if (before === null || left === null || now === null || before === left) return before;
  const fields = Object.entries(before).filter(([field, value]) => !isSame(value, left[field as keyof Task]));
  return { ...now, ...Object.fromEntries(fields) };
};

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
