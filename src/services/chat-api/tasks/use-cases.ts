import type { KeepOccurrences, KeptOccurrences } from "../../../contract/occurrences.ts";
import { DomainError } from "../../../contract/problem.ts";
import type {
  BulkAnswer,
  BulkOperation,
  NewTask,
  Task,
  TaskPatch,
  UndoAnswer,
  Warning,
  WrittenTask,
} from "../../../contract/task.ts";
import { decideKeep } from "../../../domain/series/keep-series.ts";
import type { SeriesContext } from "../../../domain/series/draft.ts";
import { isWithdrawn } from "../../../domain/series/occurrence.ts";
import {
  afterOthers,
  type CommandAim,
  decideCommand,
  decideCreate,
  decidePatch,
  type TaskCommand,
  type TaskWriteDecision,
} from "../../../domain/series/task-write.ts";
import { decideUndo } from "../../../domain/series/undo.ts";
import { taskBefore } from "../../../domain/task-event.ts";
import { checkVersion, purgeTask, type TaskChange } from "../../../domain/task.ts";
import type { Database } from "../../../adapters/db/database.ts";
import type { LongWork } from "../../../ports.ts";
import { findTask, readEvents } from "./task-store.ts";
import { occurrenceId, seriesContext } from "./series-context.ts";
import type { UndoHandles } from "./undo-handle.ts";
import { type Actor, type Answer, idTaken, type Plan, type TaskWriter } from "./writer.ts";

export interface TaskUseCases {
  /** What is `beside` the task is answered with it, also when the same request is repeated. */
  create<Beside extends object>(actor: Actor, input: NewTask, beside?: Beside): Promise<Answer<WrittenTask & Beside>>;
  get(userId: string, id: string): Promise<Task>;
  /** `version` is the expected one, from `If-Match`; `scope` says which occurrences of a recurring task are meant. */
  patch(actor: Actor, id: string, patch: TaskPatch, options?: WriteOptions): Promise<Answer<WrittenTask>>;
  command(actor: Actor, id: string, command: TaskCommand, options?: WriteOptions): Promise<Answer<WrittenTask>>;
  /** All operations or none, in order, as one write with one undo handle. */
  bulk(actor: Actor, operations: readonly BulkOperation[]): Promise<Answer<BulkAnswer>>;
  /** Takes a whole write back, unless something it touched has changed since (409 `undo_conflict`). */
  undo(actor: Actor, handle: string): Promise<Answer<UndoAnswer>>;
  /** Takes those tasks away for good for which `due` says so; answers how many. There is no undo. */
  purge(actor: Actor, ids: readonly string[], due: (task: Task) => boolean): Promise<number>;
  /** Makes the dates that were planned of a user's series, of those that have not changed since. Safe to repeat. */
  keepOccurrences(actor: Actor, plans: KeepOccurrences["plans"]): Promise<KeptOccurrences>;
}

export interface WriteOptions extends CommandAim {
  readonly version?: number | undefined;
}

export const createTaskUseCases = (deps: {
  database: Database;
  writer: TaskWriter;
  newId: () => string;
  undoHandles: UndoHandles;
}): TaskUseCases => {
  const { database, writer, newId, undoHandles } = deps;

  const writeOne = (
    actor: Actor,
    id: string,
    decide: (tasks: ReadonlyMap<string, Task>, task: Task, context: SeriesContext) => TaskWriteDecision,
  ): Promise<Answer<WrittenTask>> =>
    writer.write(actor, [id], (tasks, context) =>
      planOf(decide(tasks, present(tasks, id), seriesContext(context, newId)), 200),
    ) as Promise<Answer<WrittenTask>>;

  return {
    create<Beside extends object>(actor: Actor, input: NewTask, beside?: Beside) {
      const id = input.id ?? newId();
      return writer.write(actor, [], (tasks, context) => {
        const decision = decideCreate(tasks, input, { id, userId: actor.userId }, seriesContext(context, newId));
        const { derivedIds: _ids, ...plan } = planOf(decision, 201);
        return {
          ...plan,
          body: { ...plan.body, ...beside },
          chosenIds: input.id === undefined ? [] : [input.id],
        };
      }) as Promise<Answer<WrittenTask & Beside>>;
    },

    async get(userId, id) {
      const task = await findTask(database, userId, id);
      if (task === undefined) throw notFound(id);
      return task;
    },

    patch: (actor, id, patch, { version, scope } = {}) =>
      writeOne(actor, id, (tasks, task, context) => {
        live(task);
        checkVersion(task, version);
        return decidePatch(tasks, task, patch, scope, context);
      }),

    command: (actor, id, command, { version, ...aim } = {}) =>
      writeOne(actor, id, (tasks, task, context) => {
        reachable(task, command);
        checkVersion(task, version);
        return decideCommand(tasks, task, command, aim, context);
      }),

    bulk(actor, operations) {
      const steps = operations.map((operation) => ({
        operation,
        id: operation.op === "create" ? (operation.task.id ?? newId()) : operation.id,
      }));
      const ids = [...new Set(steps.filter(({ operation }) => operation.op !== "create").map(({ id }) => id))];
      return writer.write(actor, ids, (tasks, context, work) =>
        planBulk({ steps, userId: actor.userId, work }, tasks, seriesContext(context, newId)),
      ) as Promise<Answer<BulkAnswer>>;
    },

    async undo(actor, handle) {
      const range = undoHandles.read(actor.userId, handle);
      const events = await readEvents(database, actor.userId, range);
      if (events.length !== range.last - range.first + 1)
        throw new DomainError("not_found", "no write has this undo handle");
      const first = new Map(events.toReversed().map((event) => [event.task_id, taskBefore(event)]));
      const last = new Map(events.map((event) => [event.task_id, event.task]));
      return writer.write(actor, [...first.keys()], (tasks, context) => {
        const changes = decideUndo(tasks, { first, last }, seriesContext(context, newId));
        return {
          changes,
          status: 200,
          body: { undone: [...first.keys()], tasks: changes.map(({ after }) => after) },
          derivedIds: true,
        };
      }) as Promise<Answer<UndoAnswer>>;
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

    async keepOccurrences(actor, plans) {
      const ids = plans.flatMap(({ series_id, dates }) => [
        series_id,
        ...dates.map((date) => occurrenceId(series_id, date)),
      ]);
      const { body } = await writer.write(actor, ids, (tasks, context) => {
        const { changes, guards, answers } = decideKeep(tasks, plans, seriesContext(context, newId));
        return { changes, guards, status: 200, body: { series: answers }, derivedIds: true };
      });
      return { series: [...body.series] };
    },
  };
};

const notFound = (id: string): DomainError => new DomainError("not_found", `there is no task ${id}`);

const present = (tasks: ReadonlyMap<string, Task>, id: string): Task => {
  const task = tasks.get(id);
  if (task === undefined) throw notFound(id);
  return task;
};

/** A trashed task answers only to `restore`, and a withdrawn occurrence to nothing. */
const live = (task: Task): void => {
  if (task.deleted_at !== null) throw notFound(task.id);
};

const reachable = (task: Task, command: TaskCommand): void => {
  if (command !== "restore" || isWithdrawn(task)) live(task);
};

const planOf = ({ changes, task, warnings }: TaskWriteDecision, status: number): Plan<object> => ({
  changes,
  status,
  body: { ...task, warnings },
  derivedIds: true,
});

interface BulkStep {
  readonly operation: BulkOperation;
  readonly id: string;
}

interface Bulk {
  readonly steps: readonly BulkStep[];
  readonly userId: string;
  readonly work: LongWork;
}

const planBulk = async (
  { steps, userId, work }: Bulk,
  read: ReadonlyMap<string, Task>,
  context: SeriesContext,
): Promise<Plan<object>> => {
  const tasks = new Map(read);
  const changes: TaskChange[] = [];
  const warnings = new Set<Warning>();
  const actedOn: BulkAnswer["acted_on"] = [];
  for (const [index, step] of steps.entries()) {
    await work.giveWay();
    const decision = inOperation(index, () => decideStep(step, userId, tasks, afterOthers(context, changes)));
    changes.push(...decision.changes);
    for (const { after } of decision.changes) tasks.set(after.id, after);
    for (const warning of decision.warnings) warnings.add(warning);
    const { id: task_id, occurrence_date } = decision.task;
    if (task_id !== step.id && occurrence_date != null) actedOn.push({ operation: index, task_id, occurrence_date });
  }
  const ids = new Set([...steps.map(({ id }) => id), ...actedOn.map(({ task_id }) => task_id)]);
  return {
    changes,
    chosenIds: steps.flatMap(({ operation }) => (operation.op === "create" ? (operation.task.id ?? []) : [])),
    status: 200,
    body: { tasks: [...ids].map((id) => tasks.get(id)), warnings: [...warnings], acted_on: actedOn },
    // The id of a new task may be its client's, and then it is no use to decide again.
    ...(steps.some(({ operation }) => operation.op === "create") ? {} : { derivedIds: true }),
  };
};

const decideStep = (
  { operation, id }: BulkStep,
  userId: string,
  tasks: ReadonlyMap<string, Task>,
  context: SeriesContext,
): TaskWriteDecision => {
  if (operation.op === "create") {
    if (tasks.has(id)) throw idTaken("task.id");
    return decideCreate(tasks, operation.task, { id, userId }, context);
  }
  const task = present(tasks, id);
  reachable(task, operation.op === "restore" ? "restore" : "complete");
  checkVersion(task, operation.version);
  if (operation.op === "update") return decidePatch(tasks, task, operation.patch, operation.scope, context);
  const { occurrence_date: occurrenceDate } = operation;
  const scope = operation.op === "delete" ? operation.scope : undefined;
  return decideCommand(tasks, task, operation.op, { scope, occurrenceDate }, context);
};

/** Puts the number of the operation before the field that a refusal names. */
const inOperation = <T>(index: number, decide: () => T): T => {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = (error.extras.errors ?? []).map(({ field, message }) => ({
      field: `operations.${index}.${field}`,
      message,
    }));
    throw new DomainError(error.code, `operation ${index}: ${error.message}`, {
      ...error.extras,
      ...(errors.length === 0 ? {} : { errors }),
      members: { ...error.extras.members, operation: index },
    });
  }
};
