import { type Static, Type } from "typebox";
import { eventTypes } from "./event.ts";
import { Instant, Nullable, Uuid } from "./scalars.ts";

export const channels = ["stream", "inbox", "push", "email", "webhook"] as const;
export type Channel = (typeof channels)[number];

/** What a person is told of: the events, and what only notifications know. */
export const notificationTypes = [...eventTypes, "digest", "test"] as const;
export type NotificationType = (typeof notificationTypes)[number];

/** Something a person is told, as it stands in the inbox and as `event: notification` of a stream. */
export const Notification = Type.Object({
  id: Uuid,
  type: Type.Enum([...notificationTypes]),
  title: Type.String({ description: "The task's title, or what a digest is of" }),
  body: Nullable(Type.String({ description: "A sentence" })),
  task_id: Nullable(Uuid),
  event_id: Nullable(Uuid),
  reminder_id: Nullable(Uuid),
  critical: Type.Boolean(),
  count: Type.Integer({ minimum: 1, description: "How many it stands for; above 1 for a digest" }),
  created_at: Instant,
  read_at: Nullable(Instant),
});
export type Notification = Static<typeof Notification>;

/**
 * Sent on a stream in place of notifications above ten a second, or of those a slow reader has missed: how many, made
 * from `since` on.
 */
export const CoalescedNotifications = Type.Object({
  type: Type.Literal("coalesced"),
  count: Type.Integer({ minimum: 1 }),
  since: Instant,
});
export type CoalescedNotifications = Static<typeof CoalescedNotifications>;

/** Sent on a stream when the inbox changed, here or on another device. */
export const InboxChanged = Type.Object({ unread: Type.Integer({ minimum: 0 }) });
export type InboxChanged = Static<typeof InboxChanged>;

export const NotificationQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(["all", "unread", "read"], { default: "all" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export interface NotificationQuery {
  status?: "all" | "unread" | "read";
  limit?: number;
  cursor?: string;
}

/** The inbox, newest first. */
export const NotificationList = Type.Object({
  notifications: Type.Array(Notification),
  unread: Type.Integer({ minimum: 0, description: "How many are unread, on all pages" }),
  next_cursor: Nullable(Type.String()),
});
export type NotificationList = Static<typeof NotificationList>;

/** What marking everything as read did. */
export const AllRead = Type.Object({
  read: Type.Integer({ minimum: 0, description: "How many were unread" }),
  unread: Type.Integer({ minimum: 0 }),
});
export type AllRead = Static<typeof AllRead>;

const WallClock = Type.String({
  pattern: "^([01]\\d|2[0-3]):[0-5]\\d$",
  examples: ["22:00"],
  description: "`22:00`, in the user's zone",
});

export const QuietHours = Type.Object({ start: WallClock, end: WallClock }, { additionalProperties: false });
export type QuietHours = Static<typeof QuietHours>;

const byChannel = Object.fromEntries(channels.map((channel) => [channel, Type.Optional(Type.Boolean())])) as Record<
  Channel,
  Type.TOptional<Type.TBoolean>
>;
export const ChannelChoice = Type.Object(byChannel, { additionalProperties: false });
export type ChannelChoice = Partial<Record<Channel, boolean>>;

/** What reaches a person, and how. `PUT` changes what it is sent; the answer is always whole. */
export const NotificationPreferences = Type.Object({
  quiet_hours: Nullable(QuietHours),
  critical_only: Type.Boolean({ description: "Only reminders of high-priority tasks" }),
  events: Type.Record(
    Type.String(),
    Type.Object(
      Object.fromEntries(channels.map((channel) => [channel, Type.Boolean()])) as Record<Channel, Type.TBoolean>,
    ),
  ),
});
export interface NotificationPreferences {
  quiet_hours: QuietHours | null;
  critical_only: boolean;
  events: Record<string, Record<Channel, boolean>>;
}

export const NotificationPreferencesPatch = Type.Object(
  {
    quiet_hours: Type.Optional(Nullable(QuietHours)),
    critical_only: Type.Optional(Type.Boolean()),
    events: Type.Optional(
      Type.Object(
        Object.fromEntries(eventTypes.map((type) => [type, Type.Optional(ChannelChoice)])) as Record<
          string,
          Type.TOptional<typeof ChannelChoice>
        >,
        {
          additionalProperties: false,
        },
      ),
    ),
  },
  { additionalProperties: false },
);
export interface NotificationPreferencesPatch {
  quiet_hours?: QuietHours | null;
  critical_only?: boolean;
  events?: Record<string, ChannelChoice>;
}

export const NotificationTest = Type.Object({ channel: Type.Enum([...channels]) }, { additionalProperties: false });
export interface NotificationTest {
  channel: Channel;
}

export const deliveryStatuses = ["pending", "delivered", "failed", "suppressed"] as const;

/** One attempt, or one decision not to make one, to tell a person something on one channel. */
export const NotificationDelivery = Type.Object({
  id: Uuid,
  notification_id: Uuid,
  event_id: Nullable(Uuid),
  channel: Type.Enum([...channels]),
  status: Type.Enum([...deliveryStatuses]),
  reason: Nullable(
    Type.String({ description: "Why it was suppressed, put off or failed; how many streams it was put on" }),
  ),
  attempts: Type.Integer({ minimum: 0 }),
  due_at: Type.String({ description: "Not before; later than `created_at` where quiet hours put it off" }),
  created_at: Instant,
  finished_at: Nullable(Instant),
});
export type NotificationDelivery = Static<typeof NotificationDelivery>;

export const NotificationDeliveryQuery = Type.Object(
  {
    channel: Type.Optional(Type.Enum([...channels])),
    status: Type.Optional(Type.Enum([...deliveryStatuses])),
    notification_id: Type.Optional(Uuid),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export interface NotificationDeliveryQuery {
  channel?: Channel;
  status?: (typeof deliveryStatuses)[number];
  notification_id?: string;
  limit?: number;
  cursor?: string;
}

/** The delivery log, newest first. */
export const NotificationDeliveries = Type.Object({
  deliveries: Type.Array(NotificationDelivery),
  next_cursor: Nullable(Type.String()),
});
export type NotificationDeliveries = Static<typeof NotificationDeliveries>;
