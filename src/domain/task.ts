import type { Change, Changes, TaskEventType } from "../contract/event.ts";
import { DomainError, invalidField } from "../contract/problem.ts";
import type { NewTask, Task, TaskFields, TaskStatus, Warning } from "../contract/task.ts";
import { type DueDate, dueSpan, formatDueDate, parseDueDate, requireDueDate } from "./due-date.ts";
import { editContextOf, editReminders } from "./reminder/edits.ts";
import { noReminders } from "./reminder/no-reminders.ts";
import { type ReminderMoment, retimeReminders, timeReminders } from "./reminder/timing.ts";
import { sameValue } from "./same-value.ts";
import { visibleText } from "./visible-text.ts";
import { noRecurrence } from "./series/no-recurrence.ts";

/** What a rule needs to know of the moment and the user. */
export type TaskContext = ReminderMoment;

/** What a write of a client's fields needs to know. */
export interface WriteContext extends TaskContext {
  newId(): string;
}

/**
 * A task before and after one write; `before` is null for a new one, `purged` for one that leaves the trash for good.
 */
export interface TaskChange {
  readonly before: Task | null;
  readonly after: Task;
  readonly purged?: true;
  /** The user's clock, where the change follows from its move. It is no field of the task, and told with its fields. */
  readonly clock?: ClockChanges;
}

/** The parts of a user's clock that a move changed, by their names on the wire. */
export type ClockChanges = Partial<Record<(typeof clockFieldNames)[number], Change>>;
export const clockFieldNames = ["time_zone", "all_day_hour"] as const;

/** A decision: what changes (null when nothing does) and what the user should be told. */
export interface Decision {
  readonly change: TaskChange | null;
  readonly warnings: readonly Warning[];
}

const TITLE_LENGTH = 255;

export const createTask = (
  input: NewTask,
  identity: { id: string; userId: string },
  context: WriteContext,
): Decision => {
  const now = new Date(context.now).toISOString();
  const status = statusOf(input) ?? "pending";
  const due = input.due_date == null ? null : readDueDate(input.due_date, context);
  const made: Task = {
    id: identity.id,
    user_id: identity.userId,
    title: trimTitle(input.title),
    description: input.description?.toWellFormed() ?? null,
    status,
    completed: status === "completed",
    priority: input.priority ?? "medium",
    due_date: due?.text ?? null,
    due_at: due?.at ?? null,
    version: 1,
    created_at: now,
    updated_at: now,
    completed_at: status === "completed" ? now : null,
    deleted_at: null,
    ...noRecurrence,
    ...noReminders,
  };
  const after = {
    ...made,
    ...timeReminders(null, { ...made, reminders: editReminders(made, input, editContextOf(made, context)) }, context),
  };
  return { change: { before: null, after }, warnings: due?.warnings ?? [] };
};

/** JSON merge patch (RFC 7396) of the fields a client may write: what is absent or equal does not change. */
export const patchTask = (task: Task, patch: TaskFields, context: WriteContext): Decision => {
  const due = patch.due_date == null ? null : readDueDate(patch.due_date, context);
  const status = statusOf(patch) ?? task.status;
  const dueDate = patch.due_date === undefined ? task.due_date : (due?.text ?? null);
  const change = revise(task, context, {
    ...(patch.title === undefined ? {} : { title: trimTitle(patch.title) }),
    ...(patch.description === undefined ? {} : { description: patch.description?.toWellFormed() ?? null }),
    ...(patch.priority === undefined ? {} : { priority: patch.priority }),
    ...(patch.due_date === undefined ? {} : { due_date: due?.text ?? null, due_at: due?.at ?? null }),
    ...(patch.reminders === undefined && patch.reminder_offset === undefined
      ? {}
      : { reminders: editReminders(task, patch, editContextOf({ ...task, due_date: dueDate }, context)) }),
    ...statusFields(task, status, context),
  });
  const dueChanged = change !== null && change.after.due_date !== task.due_date;
  return { change, warnings: dueChanged ? (due?.warnings ?? []) : [] };
};

export const completeTask = (task: Task, context: TaskContext): Decision =>
  silent(revise(task, context, statusFields(task, "completed", context)));

export const reopenTask = (task: Task, context: TaskContext): Decision =>
  silent(revise(task, context, statusFields(task, "pending", context)));

/** Moves a task to the trash. */
export const deleteTask = (task: Task, context: TaskContext): Decision =>
  silent(task.deleted_at === null ? revise(task, context, { deleted_at: new Date(context.now).toISOString() }) : null);

/** Brings a task back from the trash. */
export const restoreTask = (task: Task, context: TaskContext): Decision =>
  silent(revise(task, context, { deleted_at: null }));

/** Takes a trashed task away for good; the version still grows, so that consumers see news. */
export const purgeTask = (task: Task, context: TaskContext): TaskChange => ({
  before: task,
  after: { ...task, version: task.version + 1, updated_at: new Date(context.now).toISOString() },
  purged: true,
});

/**
 * What depends on the user's clock, under another one: `due_at` of dates and wall-clock times, the zone a series runs
 * in, and the instants of reminders. Null when the task stays.
 */
export const moveToClock = (task: Task, context: TaskContext): TaskChange | null =>
  revise(task, context, clockFields(task, context));

const clockFields = (task: Task, context: TaskContext): Partial<Task> => {
  // A task from before there were reminders says nothing of them.
  const reminders = task.reminders === undefined ? {} : { reminders: retimeReminders(task.reminders, task, context) };
  if (task.due_date === null) return { due_at: null, ...reminders };
  const due = readDueDate(task.due_date, context);
  const runsHere = task.recurrence_time_zone != null && due.kind !== "instant";
  return { due_at: due.at, ...reminders, ...(runsHere ? { recurrence_time_zone: context.zone } : {}) };
};

/**
 * The inverse of a change, applied to the task as it is now: a new task goes to the trash, every changed field gets its
 * old value. Timestamps and version are new, because an undo is a write like any other; `due_at` and the instants of
 * reminders too, because the user may have moved to another zone since.
 */
export const revertChange = (
  change: { readonly before: Task | null; readonly current: Task },
  context: TaskContext,
): TaskChange | null => {
  const { before, current } = change;
  if (before === null) return deleteTask(current, context).change;
  const { version: _version, updated_at: _updatedAt, ...fields } = before;
  return revise(current, context, { ...fields, ...clockFields(before, context) });
};

const silent = (change: TaskChange | null): Decision => ({ change, warnings: [] });

/** The task with other values in some fields, at its next version; null when they are what it has. */
export const revise = (task: Task, context: TaskContext, fields: Partial<Task>): TaskChange | null => {
  const wished = { ...task, ...fields };
  const after = { ...wished, ...timeReminders(task, wished, context) };
  if (Object.keys(changesBetween(task, after)).length === 0) return null;
  return {
    before: task,
    after: { ...after, version: task.version + 1, updated_at: new Date(context.now).toISOString() },
  };
};

/** What completing or reopening changes; nothing when the task has that status. */
export const statusFields = (task: Task, status: TaskStatus, { now }: TaskContext): Partial<Task> =>
  status === task.status
    ? {}
    : {
        status,
        completed: status === "completed",
        completed_at: status === "completed" ? new Date(now).toISOString() : null,
      };

/** The status that a write asks for, in either of its two forms. @throws DomainError when they disagree */
export const statusOf = ({ status, completed }: TaskFields): TaskStatus | undefined => {
  const fromCompleted = completed === undefined ? undefined : completed ? "completed" : "pending";
  if (status !== undefined && fromCompleted !== undefined && status !== fromCompleted)
    throw invalidField("completed", `says ${fromCompleted}, but status says ${status}`);
  return status ?? fromCompleted;
};

/**
 * A lone surrogate is no character (Unicode §3.9, D75) and PostgreSQL refuses it, so text is made well-formed first.
 */
const trimTitle = (title: string): string => {
  const trimmed = visibleText(title.toWellFormed());
  const length = [...trimmed].length;
  if (length === 0) throw invalidField("title", "must have at least one character that can be seen");
  if (length > TITLE_LENGTH)
    throw invalidField("title", `must have at most ${TITLE_LENGTH} characters, and has ${length}`);
  return trimmed;
};

interface ReadDueDate {
  readonly kind: DueDate["kind"];
  readonly text: string;
  readonly at: string;
  readonly warnings: readonly Warning[];
}

const readDueDate = (text: string, { now, zone }: TaskContext): ReadDueDate => {
  const due = requireDueDate("due_date", text);
  const { dueAt, overdueAt } = dueSpan(due, zone);
  return {
    kind: due.kind,
    text: formatDueDate(due),
    at: new Date(dueAt).toISOString(),
    warnings: overdueAt <= now ? ["due_date_in_past"] : [],
  };
};

/** When the task becomes overdue, or null without a due date; milliseconds since the epoch. */
export const overdueAt = (task: Task, zone: string): number | null => {
  const due = task.due_date === null ? undefined : parseDueDate(task.due_date);
  return due === undefined ? null : dueSpan(due, zone).overdueAt;
};

/** Fields that say the same as another one, or only that something changed. */
const NOT_CHANGES: ReadonlySet<string> = new Set(["completed", "reminder_offset", "version", "updated_at"]);

/** The changed fields with their old and new values; for a new task, every field that is set. */
export const changesBetween = (before: Task | null, after: Task): Changes => {
  const changes: Changes = {};
  for (const [field, value] of Object.entries(after)) {
    const old = before?.[field as keyof Task] ?? null;
    if (!NOT_CHANGES.has(field) && !sameValue(old, value)) changes[field] = { old, new: value };
  }
  return changes;
};

/** The one event that a change is. */
export const eventTypeOf = ({ before, after, purged }: TaskChange): TaskEventType => {
  if (before === null) return "task.created";
  if (purged === true || (before.deleted_at === null && after.deleted_at !== null)) return "task.deleted";
  const isCompleted =
    before.status === "pending" && after.status === "completed" && after.occurrence_outcome !== "skipped";
  return isCompleted ? "task.completed" : "task.updated";
};

/** Refuses a write to a version that is no longer the current one (412 with the current task). */
export const checkVersion = (task: Task, expected: number | undefined): void => {
  if (expected !== undefined && expected !== task.version)
    throw new DomainError("version_mismatch", `the task is at version ${task.version}, not ${expected}`, {
      members: { task },
    });
};
