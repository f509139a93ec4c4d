import type { CommandKind, CommandOf } from "../../contract/command.ts";
import { DomainError } from "../../contract/problem.ts";
import type { TaskReminder } from "../../contract/reminder.ts";
import type { Task, Warning } from "../../contract/task.ts";
import type { SeriesContext } from "../series/draft.ts";
import { isWithdrawn } from "../series/occurrence.ts";
import { checkVersion, type TaskChange } from "../task.ts";

/** What a decision rests on: the tasks that the command names, and with one of a series the whole of it. */
export interface State {
  readonly userId: string;
  readonly tasks: ReadonlyMap<string, Task>;
}

/** What a command comes to. */
export interface Decision {
  /** In order, one a task. */
  readonly changes: readonly TaskChange[];
  /** The task that was acted on, as it is then; of an occurrence, with its series' next date. */
  readonly task: Task;
  /** Of a command to a reminder: as it is then, or was when it was removed. */
  readonly reminder?: TaskReminder;
  /** What the command names was not there before. */
  readonly isNew: boolean;
  readonly warnings: readonly Warning[];
}

/** @throws DomainError why it cannot be */
export type Decide<Kind extends CommandKind> = (
  command: CommandOf<Kind>,
  state: State,
  context: SeriesContext,
) => Decision;

export const noTask = (id: string): DomainError => new DomainError("not_found", `there is no task ${id}`);

export const requireTask = ({ tasks }: State, id: string): Task => {
  const task = tasks.get(id);
  if (task === undefined) throw noTask(id);
  return task;
};

/** A task that is not in the trash, at the version that is expected. */
export const requireLiveTask = (state: State, id: string, version: number | undefined): Task => {
  const task = requireTask(state, id);
  if (task.deleted_at !== null) throw noTask(id);
  checkVersion(task, version);
  return task;
};

/** A task that may be in the trash; a withdrawn occurrence is reached by nothing. */
export const requireTrashedTask = (state: State, id: string, version: number | undefined): Task => {
  const task = requireTask(state, id);
  if (isWithdrawn(task)) return requireLiveTask(state, id, version);
  checkVersion(task, version);
  return task;
};
