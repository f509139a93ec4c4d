import { create } from "zustand";
import type { CoalescedNotifications, Notification } from "../../../src/contract/notification.ts";
import { Refused, Unreachable } from "./http.ts";
import {
  emptyInbox,
  missedBetween,
  unreadIds,
  withAllRead,
  withFirstPage,
  withMarkedHere,
  withOlderPage,
  withSent,
  type Inbox,
  type Mark,
} from "./inbox.ts";
import { keepInbox, readKeptInbox } from "./kept-inbox.ts";
import { listNotifications, readPreferences, sendAllRead, sendMark } from "./notifications.ts";

/** What a stream tells as `event: notification` or `coalesced`. */
export type Told = Notification | CoalescedNotifications;

/** What tabs tell each other of the inbox. */
export type InboxMessage =
  | { readonly kind: "inbox"; readonly inbox: Inbox }
  | { readonly kind: "notified"; readonly told: Told };

/** Something the user should see now. */
export interface Announcement {
  readonly told: Told;
  /** This tab holds the stream: of all tabs it alone speaks outside of the window. */
  readonly isFirst: boolean;
}

interface Session {
  readonly userId: string;
  readonly tell: (message: InboxMessage) => void;
  /** Said already, by whichever way it came first. */
  readonly announced: Set<string>;
}

/** After this time what was missed is worth a number at the bell, but no interruption. */
const staleMs = 3_600_000;
const pageSize = 50;
const reminderType = "task.reminder.triggered";

/** The inbox as this device knows it. Screens read; only this module writes. */
export const useInbox = create<Inbox>(() => emptyInbox);
const listeners = new Set<(announcement: Announcement) => void>();
let session: Session | null = null;
let again = false;
let loading: Promise<void> | null = null;
let sending: Promise<void> = Promise.resolve();

/** Calls `listener` with what the user should see now. Answers how to end it. */
export const onAnnouncement = (listener: (announcement: Announcement) => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Shows what this device kept of the inbox. `tell` reaches the other tabs. Answers how to end it. */
export const startInbox = (userId: string, tell: (message: InboxMessage) => void): (() => void) => {
  useInbox.setState(readKeptInbox(userId));
  session = { userId, tell, announced: new Set() };
  return () => {
    session = null;
    useInbox.setState(emptyInbox);
  };
};

/** Hears another tab. */
export const hearInbox = (message: InboxMessage): void => {
  if (message.kind === "inbox") useInbox.setState(message.inbox);
  else announce(message.told, false);
};

/**
 * Shows in every tab what the stream told. Whether it is in the inbox too is for the inbox to say. For the tab that
 * holds the stream.
 */
export const receiveNotification = (told: Told): void => {
  announce(told, true);
  session?.tell({ kind: "notified", told });
};

/** Hears that the inbox has so many unread; when that is not what is known here, something else has changed it. */
export const followInbox = (unread: number): void => {
  const inbox = useInbox.getState();
  if (inbox.unread !== unread || Object.keys(inbox.marks).length > 0) void loadInbox().catch(() => undefined);
};

/** The stream is there, maybe after a while: asks for the newest page, and tells of reminders that came meanwhile. */
export const catchUpInbox = async (): Promise<void> => {
  const before = useInbox.getState();
  await loadInbox();
  const since = new Date(Date.now() - staleMs).toISOString();
  const missed = missedBetween(before, useInbox.getState()).filter(
    ({ type, created_at }) => type === reminderType && created_at > since,
  );
  if (missed.length === 0 || (await readPreferences()).events[reminderType]?.stream !== true) return;
  for (const notification of missed) receiveNotification(notification);
};

/** Asks for the newest page, and first tells the server what was marked here. A call during a call asks once more. */
const loadInbox = async (): Promise<void> => {
  again = loading !== null;
  loading ??= load().finally(() => {
    loading = null;
    if (again) void loadInbox().catch(() => undefined);
  });
  await loading;
};

const load = async (): Promise<void> => {
  await sendMarks();
  const page = await listNotifications({ limit: pageSize });
  change((inbox) => withFirstPage(inbox, page));
};

/** Asks for the page after the last one that is here. */
export const loadOlder = async (): Promise<void> => {
  const { nextCursor } = useInbox.getState();
  if (nextCursor === null) return;
  const page = await listNotifications({ limit: pageSize, cursor: nextCursor });
  change((inbox) => withOlderPage(inbox, page));
};

/** Marks notifications as read: here at once, at the server when it can be reached. */
export const markRead = (ids: readonly string[]): void => mark(ids, "read");

/** Marks notifications as unread again, so that they are not forgotten. */
export const markUnread = (ids: readonly string[]): void => mark(ids, "unread");

const mark = (ids: readonly string[], as: Mark): void => {
  change((inbox) => withMarkedHere(inbox, ids, as));
  void sendMarks().catch(() => undefined);
};

/** Marks all as read; without the server only those that are here, so that nothing is marked that nobody has seen. */
export const markAllRead = async (): Promise<void> => {
  const ids = unreadIds(useInbox.getState());
  try {
    await sendAllRead();
    change(withAllRead);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    change((inbox) => withMarkedHere(inbox, ids, "read"));
  }
};

/**
 * Tells the server what was marked here: one after the other, so that the last mark of a notification is the one that
 * stays.
 */
const sendMarks = (): Promise<void> => {
  sending = sending.catch(() => undefined).then(sendEach);
  return sending;
};

const sendEach = async (): Promise<void> => {
  for (const [id, as] of Object.entries(useInbox.getState().marks)) {
    await sendMark(id, as).catch((error: unknown) => {
      // One that is gone from the inbox needs no telling.
      if (!(error instanceof Refused) || error.status !== 404) throw error;
    });
    change((inbox) => withSent(inbox, id, as));
  }
};

const change = (to: (inbox: Inbox) => Inbox): void => {
  if (session === null) return;
  const inbox = to(useInbox.getState());
  if (inbox === useInbox.getState()) return;
  useInbox.setState(inbox);
  keepInbox(session.userId, inbox);
  session.tell({ kind: "inbox", inbox });
};

const announce = (told: Told, isFirst: boolean): void => {
  if (session === null) return;
  const key = told.type === "coalesced" ? `${told.since}.${told.count}` : told.id;
  if (session.announced.has(key)) return;
  session.announced.add(key);
  for (const listener of listeners) listener({ told, isFirst });
};
