import type { Notification, NotificationList } from "../../../src/contract/notification.ts";

/** What this device knows of the inbox. Plain data; every function answers a new one. */
export interface Inbox {
  /** Newest first, without a gap down to `nextCursor`. */
  readonly notifications: readonly Notification[];
  /** How many are unread, also of those that are not here. */
  readonly unread: number;
  readonly nextCursor: string | null;
  /** Read here, which the server has not been told yet. */
  readonly unsent: readonly string[];
}

export const emptyInbox: Inbox = { notifications: [], unread: 0, nextCursor: null, unsent: [] };

/** As much of the inbox as is kept for the next start. */
const keptLimit = 50;

/** Takes in the first page: what is older is asked for again when someone looks for it. */
export const withFirstPage = ({ unsent }: Inbox, { notifications, unread, next_cursor }: NotificationList): Inbox =>
  withRead({ notifications, unread, nextCursor: next_cursor, unsent }, unsent);

export const withOlderPage = (inbox: Inbox, { notifications, unread, next_cursor }: NotificationList): Inbox => {
  const known = new Set(inbox.notifications.map(({ id }) => id));
  const older = notifications.filter(({ id }) => !known.has(id));
  return withRead({ ...inbox, notifications: [...inbox.notifications, ...older], unread, nextCursor: next_cursor }, inbox.unsent);
};

/** Marks as read what the user read here, also what is not here yet; the server is still to be told. */
export const withReadHere = (inbox: Inbox, ids: readonly string[]): Inbox => {
  const read = new Set([...inbox.unsent, ...inbox.notifications.filter(({ read_at }) => read_at !== null).map(({ id }) => id)]);
  const fresh = ids.filter((id) => !read.has(id));
  if (fresh.length === 0) return inbox;
  return withRead({ ...inbox, unsent: [...inbox.unsent, ...fresh] }, fresh);
};

export const withAllRead = (inbox: Inbox): Inbox => ({ ...withRead(inbox, unreadIds(inbox)), unread: 0, unsent: [] });

/** The server was told, or does not know it any more. */
export const withSent = (inbox: Inbox, id: string): Inbox => ({ ...inbox, unsent: inbox.unsent.filter((each) => each !== id) });

export const unreadIds = ({ notifications }: Inbox): string[] => notifications.filter(({ read_at }) => read_at === null).map(({ id }) => id);

/** What came while nobody listened: unread, newer than all that was known. Nothing when nothing was known. */
export const missedBetween = (before: Inbox, after: Inbox): Notification[] => {
  const newest = before.notifications[0]?.created_at;
  if (newest === undefined) return [];
  const known = new Set(before.notifications.map(({ id }) => id));
  return after.notifications.filter(({ id, created_at, read_at }) => read_at === null && created_at >= newest && !known.has(id));
};

/** The part that is kept for the next start. */
export const keptPart = (inbox: Inbox): Inbox => ({ ...inbox, notifications: inbox.notifications.slice(0, keptLimit) });

const withRead = (inbox: Inbox, ids: readonly string[]): Inbox => {
  const read = new Set(ids);
  let fewer = 0;
  const notifications = inbox.notifications.map((notification) => {
    if (notification.read_at !== null || !read.has(notification.id)) return notification;
    fewer += 1;
    // The moment shows nowhere: that it is read is what counts, and the server's own moment comes with the next page.
    return { ...notification, read_at: notification.created_at };
  });
  return { ...inbox, notifications, unread: Math.max(0, inbox.unread - fewer) };
};
