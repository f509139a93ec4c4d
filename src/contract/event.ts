import { type Static, Type } from "typebox";
import { TriggeredReminder } from "./reminder.ts";
import { Instant, Uuid } from "./scalars.ts";
import { Task } from "./task.ts";

/** The version of the event schemas (semver): a minor adds fields, a major would take one away. */
export const eventSchemaVersion = "1.2.0";

export const eventTypes = [
  "task.created",
  "task.updated",
  "task.completed",
  "task.deleted",
  "task.reminder.triggered",
] as const;
export type EventType = (typeof eventTypes)[number];

/** Where an event of each type is published. */
export const topics = {
  "task.created": "taskflow.tasks.created",
  "task.updated": "taskflow.tasks.updated",
  "task.completed": "taskflow.tasks.completed",
  "task.deleted": "taskflow.tasks.deleted",
  "task.reminder.triggered": "taskflow.tasks.reminder-triggered",
} as const satisfies Record<EventType, string>;
export type Topic = (typeof topics)[EventType];

export const actorKinds = ["person", "token", "agent", "system"] as const;
export type ActorKind = (typeof actorKinds)[number];

export const Change = Type.Object({ old: Type.Unknown(), new: Type.Unknown() });
export const Changes = Type.Record(Type.String(), Change, {
  description:
    "By field. Of a task that follows its user's clock to another zone or hour of all-day reminders also `time_zone` or `all_day_hour`",
});
export type Change = { old: unknown; new: unknown };
export type Changes = Record<string, { old: unknown; new: unknown }>;

const common = {
  event_id: Uuid,
  timestamp: Instant,
  version: Type.String({ description: "Of this schema (semver)" }),
  actor_id: Type.String(),
  actor_kind: Type.Enum([...actorKinds]),
  user_id: Uuid,
  sequence: Type.Integer({ minimum: 1, description: "Per user, without gaps" }),
  correlation_id: Type.String(),
  task_id: Uuid,
  task: Task,
  changes: Changes,
  time_zone: Type.String({ description: "The user's IANA zone when it happened" }),
};

export const TaskCreated = Type.Object({ ...common, event_type: Type.Literal("task.created") });
export const TaskUpdated = Type.Object({ ...common, event_type: Type.Literal("task.updated") });
export const TaskCompleted = Type.Object({
  ...common,
  event_type: Type.Literal("task.completed"),
  completed_at: Instant,
});
export const TaskDeleted = Type.Object({
  ...common,
  event_type: Type.Literal("task.deleted"),
  deleted_at: Instant,
  purged_at: Type.Optional(Type.String({ description: "Set when the task left the trash for good" })),
});

export const TaskEvent = Type.Union([TaskCreated, TaskUpdated, TaskCompleted, TaskDeleted]);
/** The `data` of a task event (§9), as it is stored, published and streamed. */
export type TaskEvent = Static<typeof TaskEvent>;
export type TaskEventType = TaskEvent["event_type"];

/** A reminder was given. Its `task` is what reminder-service knew of it last; nothing in it changed. */
export const ReminderTriggered = Type.Object({
  ...common,
  event_type: Type.Literal("task.reminder.triggered"),
  scheduled_for: Instant,
  fired_at: Instant,
  late_ms: Type.Integer({ minimum: 0, description: "How long after `scheduled_for`" }),
  reminder: TriggeredReminder,
});
export type ReminderTriggered = Static<typeof ReminderTriggered>;

/** Every event that crosses the bus. */
export type TaskFlowEvent = TaskEvent | ReminderTriggered;

export const eventSchemas = {
  "task.created": TaskCreated,
  "task.updated": TaskUpdated,
  "task.completed": TaskCompleted,
  "task.deleted": TaskDeleted,
  "task.reminder.triggered": ReminderTriggered,
} as const;

/** CloudEvents 1.0 envelope in structured JSON mode. */
export interface CloudEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: "application/json";
  readonly dataschema?: string;
  readonly data: TaskFlowEvent;
  readonly traceparent?: string;
}
