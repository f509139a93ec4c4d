import { type Static, Type } from "typebox";
import { Changes } from "./event.ts";
import { Instant, Nullable, Uuid } from "./scalars.ts";
import { Task } from "./task.ts";

const PastInstant = Type.String({
  format: "date-time",
  maxLength: 40,
  description:
    "RFC 3339 with `Z` or an offset; one to come means now, one from before the past is known is a 422 whose `since` says from when on it is",
});

/** Query of `GET /tasks/{id}`: the task as it was then. One that was not there, or was in the trash, is a 404. */
export const AsOfQuery = Type.Object({ as_of: Type.Optional(PastInstant) }, { additionalProperties: false });
export interface AsOfQuery {
  as_of?: string;
}

/** Answer of `GET /tasks/known-past`: how far back a user's tasks are known, the ends of a time slider. */
export const KnownPast = Type.Object({
  since: Instant,
  until: Type.String({ description: "Now" }),
});
export type KnownPast = Static<typeof KnownPast>;

const span = { from: PastInstant, to: Type.Optional(PastInstant) };

/** Query of `GET /tasks/{id}/diff`; `to` is now unless said. */
export const TaskDiffQuery = Type.Object(span, { additionalProperties: false });
export interface TaskDiffQuery {
  from: string;
  to?: string;
}

/** Query of `GET /tasks/diff`. */
export const TaskDiffListQuery = Type.Object(
  {
    ...span,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export interface TaskDiffListQuery extends TaskDiffQuery {
  limit?: number;
  cursor?: string;
}

export const differences = ["added", "changed", "removed", "none"] as const;

/** One task at two moments. What is in the trash is not there: trashing is `removed`, restoring is `added`. */
export const TaskDiff = Type.Object({
  task_id: Uuid,
  title: Type.String({ description: "At the second moment; of a removed task, at the first" }),
  difference: Type.Enum([...differences]),
  changes: {
    ...Changes,
    description: "By field; every set field of a task that was added (`old` is null) or removed (`new` is null)",
  },
});
export type TaskDiff = Static<typeof TaskDiff>;

/**
 * The tasks that differ, the ones that changed last first. A page may be shorter than `limit`: what was changed and
 * changed back is left out.
 */
export const TaskDiffList = Type.Object({
  from: Instant,
  to: Instant,
  tasks: Type.Array(TaskDiff),
  next_cursor: Nullable(Type.String()),
});
export type TaskDiffList = Static<typeof TaskDiffList>;

/**
 * Body of `POST /tasks/{id}/revert`, answered as any write of a task. One of the two: `event_id` takes that one change
 * back (409 `revert_conflict` whose `fields` have changed since, unless `force`), `as_of` makes the task what it was
 * then.
 */
export const TaskRevert = Type.Object(
  {
    event_id: Type.Optional(Uuid),
    force: Type.Optional(Type.Boolean({ description: "With `event_id`: also the fields that have changed since" })),
    as_of: Type.Optional(PastInstant),
  },
  { additionalProperties: false },
);
export interface TaskRevert {
  event_id?: string;
  force?: boolean;
  as_of?: string;
}

/** Body of `POST /tasks/revert`: all tasks as they were then, in one write of at most 500 tasks. */
export const ListRevert = Type.Object({ as_of: PastInstant }, { additionalProperties: false });
export interface ListRevert {
  as_of: string;
}

export const ListRevertAnswer = Type.Object({
  reverted: Type.Array(Uuid),
  tasks: Type.Array(Task, { description: "Each of them after the write" }),
  purged: Type.Array(Uuid, {
    description: "Were there then and have left the trash for good since: they cannot come back",
  }),
  undo: Nullable(Type.String({ description: "Takes all of it back; null when nothing changed" })),
});
export type ListRevertAnswer = Static<typeof ListRevertAnswer>;
