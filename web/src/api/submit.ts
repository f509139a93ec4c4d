import type { SeriesScope } from "../../../src/contract/recurrence.ts";
import type { WrittenReminder } from "../../../src/contract/reminder.ts";
import type {
  BulkAnswer,
  BulkOperation,
  SyncQuery,
  Task,
  TaskList,
  TaskQuery,
  UndoAnswer,
  Warning,
  WrittenTask,
} from "../../../src/contract/task.ts";
import type { ApiAnswer } from "./http.ts";
import type { Operation } from "./operation.ts";
import { authorized } from "./session.ts";
import { submitUpdate, type KnownTasks } from "./submit-update.ts";
import type { TextNews } from "./texts.ts";

/** What a finished write answered. */
export interface Written {
  readonly tasks: readonly Task[];
  /** Takes the write back; null when nothing changed. */
  readonly undo: string | null;
  readonly warnings?: readonly Warning[];
  /** What became of a text that another device had changed meanwhile. */
  readonly news?: TextNews;
}

/** What this device keeps, as far as sending needs it. */
export interface Known extends KnownTasks {
  /** The handle that takes a finished operation back. */
  undoHandle(operationId: string): Promise<string | null>;
}

/**
 * Sends one operation. Its id is the Idempotency-Key of every POST, so that sending it again after a lost answer
 * does it once; a PATCH says the same twice without harm.
 */
export const submit = async (operation: Operation, known: Known): Promise<Written> => {
  const { command } = operation;
  const headers = { "idempotency-key": operation.id };
  switch (command.kind) {
    case "create":
      return written(await authorized<WrittenTask>({ method: "POST", path: "/tasks", body: command.task, headers }));
    case "update":
      return submitUpdate(operation, command, known);
    case "skip":
      return written(
        await authorized<WrittenTask>({ method: "POST", path: `/tasks/${command.id}/skip-occurrence`, headers }),
      );
    case "snooze":
      return reminded(
        await authorized<WrittenReminder>({
          method: "POST",
          path: `/reminders/${command.reminder}/snooze`,
          body: { until: command.until },
          headers,
        }),
      );
    case "acknowledge":
      return reminded(
        await authorized<WrittenReminder>({
          method: "POST",
          path: `/reminders/${command.reminder}/acknowledge`,
          headers,
        }),
      );
    case "delete":
      // DELETE answers 204: in a bulk of one the answer has the task with its new version.
      return bulk([{ op: "delete", id: command.id, ...scopeOf(command) }], headers);
    case "bulk":
      return bulk(command.operations, headers);
    case "revert":
      return written(
        await authorized<WrittenTask>({
          method: "POST",
          path: `/tasks/${command.id}/revert`,
          body: command.to,
          headers,
        }),
      );
    case "undo":
      return undone(await known.undoHandle(command.of), headers);
    default:
      return written(
        await authorized<WrittenTask>({ method: "POST", path: `/tasks/${command.id}/${command.kind}`, headers }),
      );
  }
};

const scopeOf = ({ scope }: { readonly scope?: SeriesScope }): { readonly scope?: SeriesScope } =>
  scope === undefined ? {} : { scope };

const written = ({ body }: ApiAnswer<WrittenTask>): Written => {
  const { undo, warnings, ...task } = body;
  return { tasks: [task], undo, warnings };
};

/** The answer has the reminder alone, and the replica wants its task. */
const reminded = async ({ body }: ApiAnswer<WrittenReminder>): Promise<Written> => {
  const { body: task } = await authorized<Task>({ method: "GET", path: `/tasks/${body.task_id}` });
  return { tasks: [task], undo: body.undo };
};

const bulk = async (operations: readonly BulkOperation[], headers: Record<string, string>): Promise<Written> =>
  (await authorized<BulkAnswer>({ method: "POST", path: "/tasks/bulk", body: { operations }, headers })).body;

const undone = async (handle: string | null, headers: Record<string, string>): Promise<Written> => {
  if (handle === null) return { tasks: [], undo: null };
  return (await authorized<UndoAnswer>({ method: "POST", path: `/undo/${handle}`, headers })).body;
};

/** A large page of a list, for a device that loads it whole. */
export const syncTasks = async (query: SyncQuery): Promise<TaskList> => {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return (await authorized<TaskList>({ method: "GET", path: `/sync/tasks?${parameters}` })).body;
};

/** One page of a list. */
export const listTasks = async (query: TaskQuery): Promise<TaskList> => {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return (await authorized<TaskList>({ method: "GET", path: `/tasks?${parameters}` })).body;
};
