import type { CommandOf } from "../../contract/command.ts";
import { DomainError } from "../../contract/problem.ts";
import type { NewTask } from "../../contract/task.ts";
import type { SeriesContext } from "../series/draft.ts";
import type { TaskVerb } from "../series/command-target.ts";
import { decideCommand, decideCreate, decidePatch, type TaskWriteDecision } from "../series/task-write.ts";
import { type Decide, type Decision, requireLiveTask, requireTrashedTask, type State } from "./decision.ts";

/**
 * An id that a client chose for a new task and that cannot be one. The answer is the same whose ever the id is, and
 * whether its task is there, in the trash or gone: it tells nothing of others.
 */
export const idTaken = (field: string): DomainError =>
  new DomainError("conflict", `${field}: was given to a task already; send a new random one, or none`, {
    errors: [{ field, message: "was given to a task already; send a new random one, or none" }],
  });

export const create: Decide<"task.create"> = ({ task }, { tasks, userId }, context) => {
  const id = requireId(task);
  if (tasks.has(id)) throw idTaken("task.id");
  return { ...asDecision(decideCreate(tasks, task, { id, userId }, context)), isNew: true };
};

const requireId = ({ id }: NewTask): string => {
  if (id === undefined) throw new Error("a new task has an id before it is decided on");
  return id;
};

export const update: Decide<"task.update"> = ({ id, version, patch, scope }, state, context) =>
  asDecision(decidePatch(state.tasks, requireLiveTask(state, id, version), patch, scope, context));

/** A command of one word. A trashed task answers to `restore` alone. */
export const act =
  (verb: TaskVerb) =>
  (command: CommandOf<`task.${TaskVerb}`>, state: State, context: SeriesContext): Decision => {
    const { id, version, occurrence_date: occurrenceDate } = command;
    const task = (verb === "restore" ? requireTrashedTask : requireLiveTask)(state, id, version);
    const scope = command.kind === "task.delete" ? command.scope : undefined;
    return asDecision(decideCommand(state.tasks, task, verb, { scope, occurrenceDate }, context));
  };

const asDecision = ({ changes, task, warnings }: TaskWriteDecision): Decision => ({
  changes,
  task,
  warnings,
  isNew: false,
});
