import type { Notification, NotificationList } from "../../../src/contract/notification.ts";

/** What a user says of a notification. */
export type Mark = "read" | "unread";

/** What this device knows of the inbox. Plain data; every function answers a new one. */
export interface Inbox {
  /** Newest first, without a gap down to `nextCursor`. */
  readonly notifications: readonly Notification[];
  /** How many are unread, also of those that are not here. */
  readonly unread: number;
  readonly nextCursor: string | null;
  /** What was marked here last, by id, which the server has not been told yet. */
  readonly marks: Readonly<Record<string, Mark>>;
}

export const emptyInbox: Inbox = { notifications: [], unread: 0, nextCursor: null, marks: {} };

/** As much of the inbox as is kept for the next start. */
const keptLimit = 50;

/** Takes in the first page: what is older is asked for again when someone looks for it. */
export const withFirstPage = ({ marks }: Inbox, { notifications, unread, next_cursor }: NotificationList): Inbox =>
  withMarks({ notifications, unread, nextCursor: next_cursor, marks }, marks);

export const withOlderPage = (inbox: Inbox, { notifications, unread, next_cursor }: NotificationList): Inbox => {
  const known = new Set(inbox.notifications.map(({ id }) => id));
  const older = notifications.filter(({ id }) => !known.has(id));
  return withMarks(
    { ...inbox, notifications: [...inbox.notifications, ...older], unread, nextCursor: next_cursor },
    inbox.marks,
  );
};

/** Marks as the user does here, also what is not here yet; the server is still to be told. */
export const withMarkedHere = (inbox: Inbox, ids: readonly string[], mark: Mark): Inbox => {
  const standing = new Map<string, Mark>([
    ...Object.entries(inbox.marks),
    ...inbox.notifications.map((notification) => [notification.id, markOf(notification)] as const),
  ]);
  const fresh = Object.fromEntries(ids.filter((id) => standing.get(id) !== mark).map((id) => [id, mark]));
  if (Object.keys(fresh).length === 0) return inbox;
  return withMarks({ ...inbox, marks: { ...inbox.marks, ...fresh } }, fresh);
};

export const withAllRead = (inbox: Inbox): Inbox => ({
  ...withMarks(inbox, Object.fromEntries(unreadIds(inbox).map((id) => [id, "read"]))),
  unread: 0,
  marks: {},
});

/**
 * The server was told this mark, or does not know the notification any more. A mark that was made meanwhile waits on.
 */
export const withSent = (inbox: Inbox, id: string, mark: Mark): Inbox =>
  inbox.marks[id] === mark
    ? { ...inbox, marks: Object.fromEntries(Object.entries(inbox.marks).filter(([each]) => each !== id)) }
    : inbox;

export const unreadIds = ({ notifications }: Inbox): string[] =>
  notifications.filter(({ read_at }) => read_at === null).map(({ id }) => id);

/** What came while nobody listened: unread, newer than all that was known. Nothing when nothing was known. */
export const missedBetween = (before: Inbox, after: Inbox): Notification[] => {
  const newest = before.notifications[0]?.created_at;
  if (newest === undefined) return [];
  const known = new Set(before.notifications.map(({ id }) => id));
  return after.notifications.filter(
    ({ id, created_at, read_at }) => read_at === null && created_at >= newest && !known.has(id),
  );
};

/** The part that is kept for the next start. */
export const keptPart = (inbox: Inbox): Inbox => ({ ...inbox, notifications: inbox.notifications.slice(0, keptLimit) });

const markOf = ({ read_at }: Notification): Mark => (read_at === null ? "unread" : "read");

const withMarks = (inbox: Inbox, marks: Readonly<Record<string, Mark>>): Inbox => {
  let unread = inbox.unread;
  const notifications = inbox.notifications.map((notification) => {
    const mark = marks[notification.id];
    if (mark === undefined || mark === markOf(notification)) return notification;
    unread += mark === "unread" ? 1 : -1;
    // The moment shows nowhere: that it is read is what counts, and the server's own moment comes with the next page.
    return { ...notification, read_at: mark === "read" ? notification.created_at : null };
  });
  return { ...inbox, notifications, unread: Math.max(0, unread) };
};
