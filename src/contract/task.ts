import { type Static, Type } from "typebox";
import {
  NamedOccurrence,
  recurrenceFields,
  recurrenceMadeByTheServer,
  SeriesScope,
  type WritableRecurrence,
  writableRecurrence,
} from "./recurrence.ts";
import { reminderFields, type WritableReminders, writableReminders } from "./reminder.ts";
import { DueDate, Instant, Nullable, storableText, Uuid } from "./scalars.ts";

export const Priority = Type.Enum(["low", "medium", "high"]);
export type Priority = Static<typeof Priority>;

export const TaskStatus = Type.Enum(["pending", "completed"]);
export type TaskStatus = Static<typeof TaskStatus>;

/** A task as it is answered, put into events and kept by clients. */
export const Task = Type.Object({
  id: Uuid,
  user_id: Uuid,
  title: Type.String(),
  description: Nullable(Type.String({ description: "Markdown" })),
  status: TaskStatus,
  completed: Type.Boolean({ description: "The same as `status`, for clients that know only this" }),
  priority: Priority,
  due_date: Nullable(DueDate),
  due_at: Nullable(
    Type.String({ description: "The instant at which `due_date` begins in the user's zone; made, never sent" }),
  ),
  version: Type.Integer({ minimum: 1, description: "The ETag" }),
  created_at: Instant,
  updated_at: Instant,
  completed_at: Nullable(Instant),
  deleted_at: Nullable(Instant),
  ...recurrenceFields,
  ...reminderFields,
});
export type Task = Static<typeof Task>;

const title = Type.String({
  minLength: 1,
  maxLength: 1000,
  pattern: storableText,
  description: "1–255 characters after trimming",
});
const description = Nullable(Type.String({ maxLength: 5000, pattern: storableText }));

const writable = {
  title,
  description: Type.Optional(description),
  status: Type.Optional(TaskStatus),
  completed: Type.Optional(Type.Boolean()),
  priority: Type.Optional(Priority),
  due_date: Type.Optional(Nullable(DueDate)),
  ...writableRecurrence,
  ...writableReminders,
};

/** Fields the server makes. A client that sends a whole task back may carry them; they are not read. */
const madeByTheServer = Object.fromEntries(
  [
    "user_id",
    "due_at",
    "version",
    "created_at",
    "updated_at",
    "completed_at",
    "deleted_at",
    "undo",
    "warnings",
    ...recurrenceMadeByTheServer,
  ].map((name) => [name, Type.Optional(Type.Unknown({ description: "Made by the server; ignored" }))]),
) as Record<string, ReturnType<typeof Type.Optional<Type.TUnknown>>>;

export const NewTask = Type.Object(
  { ...madeByTheServer, ...writable, id: Type.Optional(Uuid) },
  { additionalProperties: false },
);
export interface NewTask extends TaskFields {
  /** A client that makes ids itself (offline) sends it; one that is taken is a 409. */
  id?: string;
  title: string;
}

/** JSON merge patch (RFC 7396): what is not sent does not change. */
export const TaskPatch = Type.Object(
  { ...madeByTheServer, ...writable, title: Type.Optional(title), id: Type.Optional(Type.Unknown()) },
  { additionalProperties: false },
);
export type TaskPatch = TaskFields;

/** The fields of a task that a client may write. */
export interface TaskFields extends WritableRecurrence, WritableReminders {
  title?: string;
  description?: string | null;
  status?: TaskStatus;
  completed?: boolean;
  priority?: Priority;
  due_date?: string | null;
}

export const Warning = Type.Enum([
  "due_date_in_past",
  "due_date_not_on_rule",
  "time_parts_ignored",
  "reminder_in_past",
  "reminder_without_due_date",
]);
export type Warning = Static<typeof Warning>;

/** What every write of one task answers: the task, and the handle that takes the write back. */
export const WrittenTask = Type.Object({
  ...Task.properties,
  undo: Nullable(Type.String({ description: "Handle for `POST /undo/{handle}`; null when nothing changed" })),
  warnings: Type.Array(Warning),
});
export type WrittenTask = Static<typeof WrittenTask>;

export const TaskQuery = Type.Object(
  {
    status: Type.Optional(
      Type.Enum(["all", "pending", "completed", "overdue", "deleted"], {
        default: "all",
        description: "`deleted` lists the trash; all others leave it out",
      }),
    ),
    priority: Type.Optional(Priority),
    kind: Type.Optional(
      Type.Enum(["task", "series", "all"], {
        default: "task",
        description: "`task` lists tasks and occurrences, `series` the series they belong to",
      }),
    ),
    parent_recurring_task_id: Type.Optional(Uuid),
    due_date_start: Type.Optional(
      Type.String({ maxLength: 40, description: "Inclusive: a date, a wall-clock time or an instant" }),
    ),
    due_date_end: Type.Optional(
      Type.String({ maxLength: 40, description: "Inclusive; a date means to the end of that day" }),
    ),
    sort_by: Type.Optional(
      Type.Enum(["due_date", "priority", "created_at", "completed_at", "title"], { default: "created_at" }),
    ),
    sort_order: Type.Optional(Type.Enum(["asc", "desc"])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 2000 })),
    as_of: Type.Optional(
      Type.String({
        format: "date-time",
        maxLength: 40,
        description: "The list as it was at that instant; `overdue` is as of then too",
      }),
    ),
  },
  { additionalProperties: false },
);
export interface TaskQuery {
  as_of?: string;
  status?: "all" | "pending" | "completed" | "overdue" | "deleted";
  priority?: Priority;
  kind?: "task" | "series" | "all";
  parent_recurring_task_id?: string;
  due_date_start?: string;
  due_date_end?: string;
  sort_by?: "due_date" | "priority" | "created_at" | "completed_at" | "title";
  sort_order?: "asc" | "desc";
  limit?: number;
  cursor?: string;
}

/** What a device asks for that knows nothing yet: a whole list in few pages. */
export const SyncQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(["all", "pending", "completed", "deleted"], { default: "all" })),
    kind: Type.Optional(Type.Enum(["task", "series", "all"], { default: "task" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 1_000 })),
    cursor: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
);
export interface SyncQuery {
  status?: "all" | "pending" | "completed" | "deleted";
  kind?: "task" | "series" | "all";
  limit?: number;
  cursor?: string;
}

export const TaskList = Type.Object({
  tasks: Type.Array(Task),
  total: Type.Integer({
    minimum: 0,
    description:
      "How many tasks the filters match, on all pages; counted for the first page, the same on the pages after it",
  }),
  next_cursor: Nullable(Type.String()),
});
export type TaskList = Static<typeof TaskList>;

const version = Type.Optional(
  Type.Integer({ minimum: 1, description: "Refuses the whole request with 412 when the task is at another version" }),
);
const scope = Type.Optional(SeriesScope);

/** `oneOf` with a discriminator, so that an error speaks of the operation that was meant and not of all of them. */
export const BulkOperation = Type.Unsafe<BulkOperation>({
  type: "object",
  required: ["op"],
  discriminator: { propertyName: "op" },
  oneOf: [
    Type.Object({ op: Type.Literal("create"), task: NewTask }, { additionalProperties: false }),
    Type.Object(
      { op: Type.Literal("update"), id: Uuid, patch: TaskPatch, version, scope },
      { additionalProperties: false },
    ),
    Type.Object(
      { op: Type.Literal("delete"), id: Uuid, version, scope, occurrence_date: NamedOccurrence },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        op: Type.Enum(["complete", "reopen", "restore", "skip", "detach"]),
        id: Uuid,
        version,
        occurrence_date: NamedOccurrence,
      },
      { additionalProperties: false },
    ),
  ],
});
export type BulkOperation =
  | { op: "create"; task: NewTask }
  | { op: "update"; id: string; patch: TaskPatch; version?: number; scope?: SeriesScope }
  | { op: "delete"; id: string; version?: number; scope?: SeriesScope; occurrence_date?: string }
  | {
      op: "complete" | "reopen" | "restore" | "skip" | "detach";
      id: string;
      version?: number;
      occurrence_date?: string;
    };

export const BulkRequest = Type.Object(
  { operations: Type.Array(BulkOperation, { minItems: 1, maxItems: 500 }) },
  { additionalProperties: false },
);
export interface BulkRequest {
  operations: BulkOperation[];
}

export const BulkAnswer = Type.Object({
  tasks: Type.Array(Task, { description: "Each touched task after the write, in the order of the operations" }),
  undo: Nullable(Type.String()),
  warnings: Type.Array(Warning),
  acted_on: Type.Array(
    Type.Object({ operation: Type.Integer({ minimum: 0 }), task_id: Uuid, occurrence_date: Type.String() }),
    { description: "Which dates those operations acted on that were sent with a series' id" },
  ),
});
export type BulkAnswer = Static<typeof BulkAnswer>;

/** Which tasks go for good: those in the trash, and no others can be named. */
export const EmptyTrashQuery = Type.Object(
  {
    status: Type.Literal("deleted", { description: "Tasks in the trash; there is no other choice" }),
    trashed_until: Type.Optional(
      Type.String({
        format: "date-time",
        description: "Inclusive: what was moved to the trash later stays. Now, unless said",
      }),
    ),
  },
  { additionalProperties: false },
);

export const EmptyTrashAnswer = Type.Object({ purged: Type.Integer({ minimum: 0 }) });
export type EmptyTrashAnswer = Static<typeof EmptyTrashAnswer>;

export const UndoAnswer = Type.Object({
  undone: Type.Array(Uuid),
  tasks: Type.Array(Task),
  undo: Nullable(Type.String({ description: "Takes the undo back" })),
});
export type UndoAnswer = Static<typeof UndoAnswer>;
