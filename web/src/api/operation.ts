import type { SeriesScope } from "../../../src/contract/recurrence.ts";
import type { TaskReminder } from "../../../src/contract/reminder.ts";
import type { BulkOperation, NewTask, Task, TaskPatch } from "../../../src/contract/task.ts";
import type { TaskRevert } from "../../../src/contract/time-travel.ts";
import type { Texts } from "./texts.ts";

/** A task the client names itself. */
export type CreatedTask = NewTask & { id: string };

/** A task's state before a write: what undoing it shows until the server has answered. */
export interface Before {
  readonly id: string;
  readonly task: Task | null;
}

type StateChange = "complete" | "reopen" | "skip" | "delete" | "restore";

/**
 * One intention of the user. What it touches changes on the screen at once, and on the server as soon as it can be
 * reached.
 */
export type Command =
  | { readonly kind: "create"; readonly task: CreatedTask }
  | {
      readonly kind: "update";
      readonly id: string;
      readonly patch: TaskPatch;
      /** The texts that the patch changes, as they were when the change was begun. */
      readonly base?: Texts;
      readonly scope?: SeriesScope;
      /** What shows until the server has answered, where that is more than the patch says. */
      readonly shown?: Pick<Task, "reminders">;
    }
  | {
      readonly kind: "snooze";
      readonly id: string;
      readonly reminder: string;
      readonly until: string;
      readonly shown: Pick<Task, "reminders">;
    }
  | { readonly kind: "acknowledge"; readonly id: string; readonly reminder: string }
  | { readonly kind: StateChange; readonly id: string; readonly scope?: SeriesScope }
  | { readonly kind: "revert"; readonly id: string; readonly to: TaskRevert }
  | { readonly kind: "bulk"; readonly operations: readonly BulkOperation[] }
  | { readonly kind: "undo"; readonly of: string; readonly before: readonly Before[] };

/** Why the server refused an operation. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What stands in the way of taking something back, in the server's words: that nothing was done is said beside it. */
export const withoutOutcome = (message: string): string => message.replace(/, so nothing was \w+$/, "");

/** A command that waits for the server, or that the server refused. */
export interface Operation {
  /** Also the `Idempotency-Key`: sent twice, it happens once. */
  readonly id: string;
  /** RFC 3339 instant at which the user did it. */
  readonly at: string;
  readonly userId: string;
  readonly command: Command;
  readonly refusal?: Refusal;
}

/** The ids of the tasks a command touches. */
export const touchedBy = (command: Command): string[] => {
  switch (command.kind) {
    case "create":
      return [command.task.id];
    case "bulk":
      return command.operations.flatMap((part) => idOf(part) ?? []);
    case "undo":
      return command.before.map(({ id }) => id);
    default:
      return [command.id];
  }
};

const idOf = (part: BulkOperation): string | undefined => (part.op === "create" ? part.task.id : part.id);

/**
 * The task `id` after an operation, as the server will most likely answer it.
 * `task` is what it was before: undefined when it does not exist.
 */
export const applyOperation = (
  task: Task | undefined,
  id: string,
  { command, at, userId }: Operation,
): Task | undefined => {
  switch (command.kind) {
    case "create":
      return newTask(command.task, userId, at);
    case "update":
      return task && { ...patched(task, command.patch, at), ...command.shown };
    case "snooze":
      return task && { ...task, ...command.shown };
    case "acknowledge":
      return (
        task && {
          ...task,
          reminders:
            task.reminders?.map((each) => (each.id === command.reminder ? acknowledged(each, at) : each)) ?? [],
        }
      );
    case "bulk":
      return command.operations
        .filter((part) => idOf(part) === id)
        .reduce<Task | undefined>((now, part) => applyPart(now, part, userId, at), task);
    case "revert":
      // What the task was is known to the server alone.
      return task;
    case "undo":
      return command.before.find((before) => before.id === id)?.task ?? undefined;
    default:
      return task && changed(task, command.kind, at);
  }
};

const acknowledged = (reminder: TaskReminder, at: string): TaskReminder => ({
  ...reminder,
  acknowledged_at: reminder.acknowledged_at ?? at,
});

const applyPart = (task: Task | undefined, part: BulkOperation, userId: string, at: string): Task | undefined => {
  if (part.op === "create") return newTask(part.task as CreatedTask, userId, at);
  if (task === undefined) return undefined;
  if (part.op === "update") return patched(task, part.patch, at);
  return part.op === "detach" ? { ...task, occurrence_outcome: "detached" } : changed(task, part.op, at);
};

const newTask = (fields: CreatedTask, userId: string, at: string): Task => ({
  id: fields.id,
  user_id: userId,
  title: fields.title.trim(),
  description: fields.description ?? null,
  status: "pending",
  completed: false,
  priority: fields.priority ?? "medium",
  due_date: fields.due_date ?? null,
  due_at: null,
  // Any version the server answers is newer.
  version: 0,
  created_at: at,
  updated_at: at,
  completed_at: null,
  deleted_at: null,
});

const patched = (task: Task, patch: TaskPatch, at: string): Task => {
  const { reminders: _reminders, ...fields } = patch;
  const next = { ...task, ...fields, title: patch.title?.trim() ?? task.title, updated_at: at };
  const status =
    patch.status ?? (patch.completed === undefined ? undefined : patch.completed ? "completed" : "pending");
  if (status === undefined || status === task.status)
    return { ...next, status: task.status, completed: task.completed };
  return changed(next, status === "completed" ? "complete" : "reopen", at);
};

const changed = (task: Task, kind: StateChange, at: string): Task => {
  switch (kind) {
    case "complete":
      return task.completed
        ? task
        : { ...task, status: "completed", completed: true, completed_at: at, updated_at: at };
    case "skip":
      return task.completed ? task : { ...changed(task, "complete", at), occurrence_outcome: "skipped" };
    case "reopen":
      return {
        ...task,
        status: "pending",
        completed: false,
        completed_at: null,
        updated_at: at,
        ...(task.occurrence_outcome === "skipped" ? { occurrence_outcome: null } : {}),
      };
    case "delete":
      return { ...task, deleted_at: task.deleted_at ?? at, updated_at: at };
    case "restore":
      return { ...task, deleted_at: null, updated_at: at };
  }
};
