import { type Static, Type } from "typebox";
import { Instant, Nullable, Uuid } from "./scalars.ts";

/**
 * A reminder as its task carries it: what the user wants, and the instant that follows. What became of it is a
 * `Reminder`.
 */
export const TaskReminder = Type.Object({
  id: Uuid,
  offset: Nullable(
    Type.String({
      description: "How long before the due date, as an ISO 8601 duration (`PT15M`, `P1D`); null for one at an instant",
    }),
  ),
  remind_at: Nullable(
    Type.String({ description: "The instant it is for; null for an offset while the task has no due date" }),
  ),
  set_at: Type.String({
    description: "When `remind_at` came to be what it is; a reminder for an earlier moment is not given",
  }),
  snoozed_from: Nullable(Type.String({ description: "The reminder that was snoozed to make this one" })),
  acknowledged_at: Nullable(Type.String({ description: "When the user said that this one has done its work" })),
});
export type TaskReminder = Static<typeof TaskReminder>;

/** A task's fields about reminding. They came with version 1.2.0 of the events, so an older event lacks them. */
export const reminderFields = {
  reminders: Type.Optional(Type.Array(TaskReminder)),
  reminder_offset: Type.Optional(
    Nullable(
      Type.String({ description: "The offset of the first reminder that has one, for clients that know only one" }),
    ),
  ),
};

const offset = Type.String({
  minLength: 1,
  maxLength: 40,
  description: "`15 minutes`, `1 hour`, `1 day`, `1 week`, or an ISO 8601 duration",
});
const remindAt = Type.String({
  maxLength: 40,
  description: "An instant, RFC 3339 with `Z` or an offset; or a wall-clock time in the user's zone",
});

/** One of the two: an offset before the due date, or an instant. */
export const NewReminder = Type.Object(
  { offset: Type.Optional(offset), remind_at: Type.Optional(remindAt), id: Type.Optional(Uuid) },
  { additionalProperties: false },
);
export interface NewReminder {
  offset?: string;
  remind_at?: string;
  id?: string;
}

/** A reminder in a list that a client writes: a new one, or one as it was read. An offset goes before an instant. */
const WritableReminder = Type.Object(
  {
    id: Type.Optional(Uuid),
    offset: Type.Optional(Nullable(offset)),
    remind_at: Type.Optional(Nullable(remindAt)),
    ...Object.fromEntries(
      ["set_at", "snoozed_from", "acknowledged_at"].map((name) => [
        name,
        Type.Optional(Type.Unknown({ description: "Made by the server; ignored" })),
      ]),
    ),
  },
  { additionalProperties: false },
);
export interface WritableReminder {
  id?: string;
  offset?: string | null;
  remind_at?: string | null;
}

/** A task has at most so many, those that have done their work among them. */
export const MOST_REMINDERS = 100;

/** The fields about reminding that a client may write. */
export const writableReminders = {
  reminders: Type.Optional(
    Nullable(
      Type.Array(WritableReminder, {
        maxItems: MOST_REMINDERS,
        description: "The whole list; one with the offset or the instant of a present one stays what it is",
      }),
    ),
  ),
  reminder_offset: Type.Optional(Nullable(offset)),
};
export interface WritableReminders {
  reminders?: WritableReminder[] | null;
  /**
   * Makes or changes the first reminder that has an offset; null removes all that have one. What it is already changes
   * nothing.
   */
  reminder_offset?: string | null;
}

/** Body of `POST` and `PUT /tasks/{id}/reminder`, for clients that know one reminder a task; under either name. */
export const ShortReminder = Type.Object(
  { offset: Type.Optional(offset), reminder_offset: Type.Optional(offset) },
  { additionalProperties: false },
);
export interface ShortReminder {
  offset?: string;
  reminder_offset?: string;
}

export const reminderStatuses = ["pending", "sent", "acknowledged", "cancelled"] as const;
export const ReminderStatus = Type.Enum([...reminderStatuses]);
export type ReminderStatus = Static<typeof ReminderStatus>;

/** Why a reminder is not given. */
export const reminderEnds = ["passed", "completed", "deleted", "removed", "no_due_date"] as const;

/** A reminder as it is answered: with its task, and with what became of it. */
export const Reminder = Type.Object({
  ...TaskReminder.properties,
  task_id: Uuid,
  user_id: Uuid,
  status: ReminderStatus,
  cancelled_because: Nullable(Type.Enum([...reminderEnds])),
  fired_at: Nullable(Type.String({ description: "When it was given" })),
  late_ms: Nullable(Type.Integer({ minimum: 0, description: "How long after its instant" })),
});
export type Reminder = Static<typeof Reminder>;

export const reminderWarningNames = ["reminder_in_past", "reminder_without_due_date"] as const;
export const ReminderWarning = Type.Enum([...reminderWarningNames], {
  description: "It will not be given: its moment has passed, or its task has no due date to count from",
});

export type ReminderWarning = Static<typeof ReminderWarning>;

/** What every write of one reminder answers: the reminder, and the handle that takes the write back. */
export const WrittenReminder = Type.Object({
  ...Reminder.properties,
  undo: Nullable(Type.String()),
  warnings: Type.Array(ReminderWarning),
});
export type WrittenReminder = Static<typeof WrittenReminder>;

export const TaskReminders = Type.Object({ reminders: Type.Array(Reminder) });
export type TaskReminders = Static<typeof TaskReminders>;

export const ReminderQuery = Type.Object(
  {
    status: Type.Optional(ReminderStatus),
    task_id: Type.Optional(Uuid),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export interface ReminderQuery {
  status?: ReminderStatus;
  task_id?: string;
  limit?: number;
  cursor?: string;
}

/** A user's reminders, by their instants. */
export const ReminderList = Type.Object({ reminders: Type.Array(Reminder), next_cursor: Nullable(Type.String()) });
export type ReminderList = Static<typeof ReminderList>;

/** One of the two. */
export const Snooze = Type.Object(
  { until: Type.Optional(remindAt), minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 527_040 })) },
  { additionalProperties: false },
);
export interface Snooze {
  until?: string;
  minutes?: number;
}

/** What a `task.reminder.triggered` says of the reminder. */
export const TriggeredReminder = Type.Object({
  id: Uuid,
  offset: Nullable(Type.String()),
  scheduled_for: Instant,
  fired_at: Instant,
  late_ms: Type.Integer({ minimum: 0 }),
});
export type TriggeredReminder = Static<typeof TriggeredReminder>;

export const traceSteps = [
  "planned",
  "moved",
  "cancelled",
  "fired",
  "acknowledged",
  "snoozed",
  "delivered",
  "failed",
  "suppressed",
  "deferred",
] as const;

/** One thing that happened to a reminder, for whoever asks why it was given or was not. */
export const TraceStep = Type.Object({
  at: Instant,
  what: Type.Enum([...traceSteps]),
  text: Type.String({ description: "In a sentence" }),
  event_id: Nullable(Type.String({ description: "The event it followed from, or made" })),
  channel: Nullable(Type.String({ description: "Of a delivery" })),
});
export type TraceStep = Static<typeof TraceStep>;

export const ReminderTrace = Type.Object({
  reminder: Reminder,
  text: Type.String({ description: "The answer in a sentence: given when and how late, or why not" }),
  steps: Type.Array(TraceStep, { description: "Oldest first" }),
});
export type ReminderTrace = Static<typeof ReminderTrace>;
