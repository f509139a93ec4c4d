import type { Database } from "../../../adapters/db/database.ts";
import type { Notification, NotificationQuery } from "../../../contract/notification.ts";
import { notificationColumns, type NotificationRow, toNotification } from "../delivery/rows.ts";
import type { TimeCursor } from "../time-cursor.ts";

export interface InboxPage {
  readonly status: NonNullable<NotificationQuery["status"]>;
  readonly after: TimeCursor | undefined;
  readonly limit: number;
}

export interface InboxStore {
  /** Newest first. */
  list(userId: string, page: InboxPage): Promise<readonly Notification[]>;
  /** How many are unread; a user without any is missing. */
  unreadOf(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Marks one as read or unread; undefined when the user has none of this id. */
  mark(userId: string, id: string, read: boolean): Promise<Notification | undefined>;
  /** Answers how many were unread. */
  markAllRead(userId: string): Promise<number>;
  /** Forgets what is older than so many days, with its deliveries; answers how many. */
  forget(days: number): Promise<number>;
}

const listStatement = `
SELECT ${notificationColumns} FROM notifications n
WHERE n.user_id = $1 AND n.in_inbox AND ($2 = 'all' OR (n.read_at IS NULL) = ($2 = 'unread'))
  AND ($3::timestamptz IS NULL OR (n.created_at, n.id) < ($3, $4::uuid))
ORDER BY n.created_at DESC, n.id DESC LIMIT $5`;

const unreadStatement = `
SELECT user_id, count(*) AS unread FROM notifications WHERE user_id = ANY ($1::uuid[]) AND in_inbox AND read_at IS NULL GROUP BY user_id`;

const markStatement = `
UPDATE notifications n SET read_at = CASE WHEN $3::boolean THEN coalesce(n.read_at, now()) END
WHERE n.user_id = $1 AND n.id = $2 AND n.in_inbox RETURNING ${notificationColumns}`;

const markAllStatement = `
WITH marked AS (UPDATE notifications SET read_at = now() WHERE user_id = $1 AND in_inbox AND read_at IS NULL RETURNING id) SELECT count(*) AS marked FROM marked`;

const FORGOTTEN_AT_ONCE = 5_000;

const forgetStatement = `
WITH old AS (SELECT id FROM notifications WHERE created_at < now() - $1 * interval '1 day' LIMIT ${FORGOTTEN_AT_ONCE}),
forgotten AS (DELETE FROM notifications n USING old WHERE n.id = old.id RETURNING n.id)
SELECT count(*) AS forgotten FROM forgotten`;

export const createInboxStore = (database: Pick<Database, "prepared">): InboxStore => ({
  async list(userId, { status, after, limit }) {
    const values = [userId, status, after?.at ?? null, after?.id ?? null, limit];
    return (
      await database.prepared<NotificationRow & Record<string, unknown>>("inbox-list", listStatement, values)
    ).map(toNotification);
  },
  async unreadOf(userIds) {
    const rows = await database.prepared<{ user_id: string; unread: number }>("inbox-unread", unreadStatement, [
      userIds,
    ]);
    return new Map(rows.map(({ user_id, unread }) => [user_id, unread]));
  },
  async mark(userId, id, read) {
    const [row] = await database.prepared<NotificationRow & Record<string, unknown>>("inbox-mark", markStatement, [
      userId,
      id,
      read,
    ]);
    return row && toNotification(row);
  },
  async markAllRead(userId) {
    const [row] = await database.prepared<{ marked: number }>("inbox-mark-all", markAllStatement, [userId]);
    return row?.marked ?? 0;
  },
  async forget(days) {
    for (let total = 0; ;) {
      const [row] = await database.prepared<{ forgotten: number }>("inbox-forget", forgetStatement, [days]);
      total += row?.forgotten ?? 0;
      if ((row?.forgotten ?? 0) < FORGOTTEN_AT_ONCE) return total;
    }
  },
});
