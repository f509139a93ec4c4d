import type { Channel, Notification, NotificationType } from "../../../contract/notification.ts";

/** A notification as it is stored. */
export interface NotificationRow {
  readonly id: string;
  readonly user_id: string;
  readonly type: NotificationType;
  readonly title: string;
  readonly body: string | null;
  readonly task_id: string | null;
  readonly event_id: string | null;
  /** Of the event; null for what is of none. */
  readonly sequence: number | null;
  readonly reminder_id: string | null;
  readonly critical: boolean;
  readonly count: number;
  readonly occurred_at: Date;
  readonly in_inbox: boolean;
  readonly read_at: Date | null;
  readonly created_at: Date;
}

/** One to be stored. Without `created_at` the database says when. */
export type NewNotification = Omit<NotificationRow, "read_at" | "created_at"> & { readonly created_at: Date | null };

/** A delivery to be stored. Instants are epoch ms. */
export interface NewDelivery {
  readonly notification: NewNotification;
  readonly channel: Channel;
  readonly status: "pending" | "delivered" | "suppressed";
  readonly reason: string | null;
  readonly dueAt: number;
  /** The digest it waits for. */
  readonly digestId: string | null;
  /** How many places it comes to, for what is delivered with its row. */
  readonly reached?: number;
}

/** Columns of `notifications n`. */
export const notificationColumns =
  "n.id, n.user_id, n.type, n.title, n.body, n.task_id, n.event_id, n.sequence, n.reminder_id, n.critical, n.count, n.occurred_at, n.in_inbox, n.read_at, n.created_at";

export const toNotification = (
  row: Omit<NotificationRow, "read_at"> & { readonly read_at?: Date | null },
): Notification => ({
  id: row.id,
  type: row.type,
  title: row.title,
  body: row.body,
  task_id: row.task_id,
  event_id: row.event_id,
  reminder_id: row.reminder_id,
  critical: row.critical,
  count: row.count,
  created_at: row.created_at.toISOString(),
  read_at: row.read_at?.toISOString() ?? null,
});
