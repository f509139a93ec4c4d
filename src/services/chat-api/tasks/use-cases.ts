import { DomainError } from "../../../contract/problem.ts";
import type { BulkAnswer, BulkOperation, NewTask, Task, TaskPatch, UndoAnswer, Warning, WrittenTask } from "../../../contract/task.ts";
import { taskBefore } from "../../../domain/task-event.ts";
import {
  checkVersion, completeTask, createTask, type Decision, deleteTask, patchTask, purgeTask, reopenTask, restoreTask, revertChange,
  type TaskChange, type TaskContext,
} from "../../../domain/task.ts";
import type { Database } from "../../../adapters/db/database.ts";
import { findTask, readEvents } from "./task-store.ts";
import { readUndoHandle } from "./undo-handle.ts";
import type { Actor, Answer, Plan, TaskWriter } from "./writer.ts";

export type Command = "complete" | "reopen" | "restore" | "delete";

export interface TaskUseCases {
  create(actor: Actor, input: NewTask): Promise<Answer<WrittenTask>>;
  get(userId: string, id: string): Promise<Task>;
  /** `version` is the expected one, from `If-Match`. */
  patch(actor: Actor, id: string, patch: TaskPatch, version?: number): Promise<Answer<WrittenTask>>;
  command(actor: Actor, id: string, command: Command, version?: number): Promise<Answer<WrittenTask>>;
  /** All operations or none, in order, as one write with one undo handle. */
  bulk(actor: Actor, operations: readonly BulkOperation[]): Promise<Answer<BulkAnswer>>;
  /** Takes a whole write back, unless something it touched has changed since (409 `undo_conflict`). */
  undo(actor: Actor, handle: string): Promise<Answer<UndoAnswer>>;
  /** Takes those tasks away for good for which `due` says so; answers how many. There is no undo. */
  purge(actor: Actor, ids: readonly string[], due: (task: Task) => boolean): Promise<number>;
}

const commands: Record<Command, (task: Task, context: TaskContext) => Decision> = {
  complete: completeTask,
  reopen: reopenTask,
  restore: restoreTask,
  delete: deleteTask,
};

export const createTaskUseCases = (deps: { database: Database; writer: TaskWriter; newId: () => string }): TaskUseCases => {
  const { database, writer, newId } = deps;

  const writeOne = (actor: Actor, id: string, decide: (task: Task, context: TaskContext) => Decision): Promise<Answer<WrittenTask>> =>
    writer.write(actor, [id], (tasks, context) => {
      const task = present(tasks, id);
      return planOf(task, decide(task, context), 200);
    }) as Promise<Answer<WrittenTask>>;

  return {
    create(actor, input) {
      const id = input.id ?? newId();
      return writer.write(actor, [], (_tasks, context) => {
        const decision = createTask(input, { id, userId: actor.userId }, context);
        return planOf(null, decision, 201);
      }) as Promise<Answer<WrittenTask>>;
    },

    async get(userId, id) {
      const task = await findTask(database, userId, id);
      if (task === undefined) throw notFound(id);
      return task;
    },

    patch: (actor, id, patch, version) =>
      writeOne(actor, id, (task, context) => {
        live(task);
        checkVersion(task, version);
        return patchTask(task, patch, context);
      }),

    command: (actor, id, command, version) =>
      writeOne(actor, id, (task, context) => {
        if (command !== "restore") live(task);
        checkVersion(task, version);
        return commands[command](task, context);
      }),

    bulk(actor, operations) {
      const steps = operations.map((operation) => ({ operation, id: operation.op === "create" ? (operation.task.id ?? newId()) : operation.id }));
      const ids = [...new Set(steps.filter(({ operation }) => operation.op !== "create").map(({ id }) => id))];
      return writer.write(actor, ids, (tasks, context) => planBulk(steps, actor.userId, tasks, context)) as Promise<Answer<BulkAnswer>>;
    },

    async undo(actor, handle) {
      const range = readUndoHandle(handle);
      const events = await readEvents(database, actor.userId, range);
      if (events.length !== range.last - range.first + 1) throw new DomainError("not_found", "no write has this undo handle");
      const first = new Map(events.toReversed().map((event) => [event.task_id, taskBefore(event)]));
      const last = new Map(events.map((event) => [event.task_id, event.task]));
      return writer.write(actor, [...first.keys()], (tasks, context) => planUndo({ first, last }, tasks, context)) as Promise<Answer<UndoAnswer>>;
    },

    async purge(actor, ids, due) {
      let purged = 0;
      await writer.write(actor, ids, (tasks, context) => {
        const gone = [...tasks.values()].filter(due);
        purged = gone.length;
        return { changes: gone.map((task) => purgeTask(task, context)), status: 204, body: {} };
      });
      return purged;
    },
  };
};

const notFound = (id: string): DomainError => new DomainError("not_found", `there is no task ${id}`);

const present = (tasks: ReadonlyMap<string, Task>, id: string): Task => {
  const task = tasks.get(id);
  if (task === undefined) throw notFound(id);
  return task;
};

/** A trashed task answers only to `restore`. */
const live = (task: Task): void => {
  if (task.deleted_at !== null) throw notFound(task.id);
};

const planOf = (task: Task | null, { change, warnings }: Decision, status: number): Plan<object> => {
  const after = change?.after ?? task;
  if (after === null) throw new Error("a decision about a new task has a change");
  return { changes: change === null ? [] : [change], status, body: { ...after, warnings } };
};

interface BulkStep {
  readonly operation: BulkOperation;
  readonly id: string;
}

const planBulk = (steps: readonly BulkStep[], userId: string, read: ReadonlyMap<string, Task>, context: TaskContext): Plan<object> => {
  const tasks = new Map(read);
  const changes: TaskChange[] = [];
  const warnings = new Set<Warning>();
  for (const [index, step] of steps.entries()) {
    const decision = inOperation(index, () => decideStep(step, userId, tasks, context));
    if (decision.change !== null) {
      changes.push(decision.change);
      tasks.set(step.id, decision.change.after);
    }
    for (const warning of decision.warnings) warnings.add(warning);
  }
  return { changes, status: 200, body: { tasks: [...new Set(steps.map(({ id }) => id))].map((id) => tasks.get(id)), warnings: [...warnings] } };
};

const decideStep = ({ operation, id }: BulkStep, userId: string, tasks: ReadonlyMap<string, Task>, context: TaskContext): Decision => {
  if (operation.op === "create") {
    if (tasks.has(id)) throw new DomainError("conflict", "there is a task with this id");
    return createTask(operation.task, { id, userId }, context);
  }
  const task = present(tasks, id);
  if (operation.op !== "restore") live(task);
  checkVersion(task, operation.version);
  return operation.op === "update" ? patchTask(task, operation.patch, context) : commands[operation.op](task, context);
};

/** Puts the number of the operation before the field that a refusal names. */
const inOperation = <T>(index: number, decide: () => T): T => {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = (error.extras.errors ?? []).map(({ field, message }) => ({ field: `operations.${index}.${field}`, message }));
    throw new DomainError(error.code, `operation ${index}: ${error.message}`, {
      ...error.extras,
      ...(errors.length === 0 ? {} : { errors }),
      members: { ...error.extras.members, operation: index },
    });
  }
};

interface WrittenStates {
  readonly first: ReadonlyMap<string, Task | null>;
  readonly last: ReadonlyMap<string, Task>;
}

const planUndo = ({ first, last }: WrittenStates, tasks: ReadonlyMap<string, Task>, context: TaskContext): Plan<object> => {
  const conflicts = [...last.values()].filter(({ id, version }) => tasks.get(id)?.version !== version);
  if (conflicts.length > 0)
    throw new DomainError("undo_conflict", `changed since: ${conflicts.map(({ title }) => `“${title}”`).slice(0, 5).join(", ")}`, {
      members: { changed: conflicts.map(({ id }) => id) },
    });
  const changes = [...first].flatMap(([id, before]) => revertChange({ before, current: present(tasks, id) }, context) ?? []);
  return { changes, status: 200, body: { undone: [...first.keys()], tasks: changes.map(({ after }) => after) } };
};
