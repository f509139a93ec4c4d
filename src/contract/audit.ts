import { type Static, Type } from "typebox";
import { actorKinds, Changes, eventTypes } from "./event.ts";
import { Instant, Nullable, storableText, Uuid } from "./scalars.ts";

export const Actor = Type.Object({
  kind: Type.Enum([...actorKinds]),
  id: Type.String({ description: "The user for a person, the token's id for a token, a name for the system" }),
  name: Nullable(Type.String({ description: "As it is called today; null when it is gone" })),
});
export type Actor = Static<typeof Actor>;

/** One entry of the history: who changed what, when, by which request. It never changes. */
export const AuditEntry = Type.Object({
  event_id: Uuid,
  event_type: Type.Enum([...eventTypes]),
  task_id: Uuid,
  task_title: Type.String({ description: "After the change; empty, as `changes` are, when the account was erased" }),
  task_version: Type.Integer({ minimum: 1, description: "Of the task after the change" }),
  user_id: Uuid,
  actor: Actor,
  timestamp: Instant,
  sequence: Type.Integer({ minimum: 1, description: "Per user, without gaps" }),
  changes: Changes,
  correlation_id: Type.String(),
  hash: Nullable(
    Type.String({
      description: "SHA-256 (hex) over the hash before it and this entry; null while an earlier entry is on its way",
    }),
  ),
});
export type AuditEntry = Static<typeof AuditEntry>;

const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 }));
const cursor = Type.Optional(Type.String({ maxLength: 500 }));

export const TaskHistoryQuery = Type.Object(
  {
    user_id: Type.Optional({
      ...Uuid,
      description: "For an administrator: whose task, where the id alone does not say",
    }),
    limit,
    cursor,
  },
  { additionalProperties: false },
);

/** The history of one task, oldest first. */
export const TaskHistory = Type.Object({ events: Type.Array(AuditEntry), next_cursor: Nullable(Type.String()) });
export type TaskHistory = Static<typeof TaskHistory>;

export const AuditLogQuery = Type.Object(
  {
    user_id: Type.Optional({ ...Uuid, description: "Whose history; an administrator sees everyone's without it" }),
    task_id: Type.Optional(Uuid),
    event_type: Type.Optional(Type.Enum([...eventTypes])),
    actor_id: Type.Optional(Type.String({ maxLength: 200, pattern: storableText })),
    from: Type.Optional(
      Type.String({ maxLength: 40, description: "Inclusive: a date, a wall-clock time in your zone, or an instant" }),
    ),
    to: Type.Optional(Type.String({ maxLength: 40, description: "Exclusive; a date means to the end of that day" })),
    limit,
    cursor,
    format: Type.Optional(
      Type.Enum(["json", "csv", "ndjson"], {
        default: "json",
        description: "`csv` and `ndjson` stream everything that matches, in one answer",
      }),
    ),
  },
  { additionalProperties: false },
);
export interface AuditLogQuery {
  user_id?: string;
  task_id?: string;
  event_type?: (typeof eventTypes)[number];
  actor_id?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
  format?: "json" | "csv" | "ndjson";
}

/** The history of many tasks, newest first. */
export const AuditLog = Type.Object({ events: Type.Array(AuditEntry), next_cursor: Nullable(Type.String()) });
export type AuditLog = Static<typeof AuditLog>;

export const ActivityQuery = Type.Object(
  {
    limit,
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, default: 0 })),
    user_id: Type.Optional({ ...Uuid, description: "For an administrator: whose activity" }),
  },
  { additionalProperties: false },
);

export const Activity = Type.Object({
  event_id: Uuid,
  event_type: Type.Enum([...eventTypes]),
  task_id: Uuid,
  task_title: Type.String(),
  actor: Actor,
  timestamp: Instant,
  sequence: Type.Integer({ minimum: 1 }),
  text: Type.String({ description: "What happened, in a sentence: `Completed “Pay rent”`" }),
});
export type Activity = Static<typeof Activity>;

/** What a user's account did, in words, newest first. */
export const ActivityLog = Type.Object({
  activities: Type.Array(Activity),
  total: Type.Integer({ minimum: 0 }),
  limit: Type.Integer(),
  offset: Type.Integer(),
});
export type ActivityLog = Static<typeof ActivityLog>;

export const AuditRead = Type.Object({
  id: Uuid,
  reader: {
    ...Actor,
    description: "Who read; those whose history it is are told that it was an administrator, and not which account",
  },
  user_id: { ...Nullable(Uuid), description: "Whose history; null for everyone's" },
  what: Type.String({ description: "The request; an administrator sees its filters too" }),
  timestamp: Instant,
  correlation_id: Type.String(),
});
export type AuditRead = Static<typeof AuditRead>;

export const AuditReadQuery = Type.Object({ limit, cursor }, { additionalProperties: false });

/** Who read the history of someone else, newest first: a user sees who read theirs, an administrator all. */
export const AuditReads = Type.Object({ reads: Type.Array(AuditRead), next_cursor: Nullable(Type.String()) });
export type AuditReads = Static<typeof AuditReads>;
