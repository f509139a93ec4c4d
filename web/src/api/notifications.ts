import type {
  Channel,
  NotificationDelivery,
  NotificationList,
  NotificationPreferences,
  NotificationPreferencesPatch,
  NotificationQuery,
} from "../../../src/contract/notification.ts";
import type { ReminderTrace } from "../../../src/contract/reminder.ts";
import { authorized } from "./session.ts";

/** One page of the inbox, newest first. */
export const listNotifications = async (query: NotificationQuery): Promise<NotificationList> => {
  const parameters = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return (await authorized<NotificationList>({ method: "GET", path: `/notifications?${parameters}` })).body;
};

export const sendMark = async (id: string, mark: "read" | "unread"): Promise<void> => {
  await authorized({ method: "POST", path: `/notifications/${id}/${mark}` });
};

export const sendAllRead = async (): Promise<void> => {
  await authorized({ method: "POST", path: "/notifications/read-all" });
};

export const readPreferences = async (): Promise<NotificationPreferences> =>
  (await authorized<NotificationPreferences>({ method: "GET", path: "/notification-preferences" })).body;

/** Changes what is sent; the answer is whole. */
export const changePreferences = async (patch: NotificationPreferencesPatch): Promise<NotificationPreferences> =>
  (await authorized<NotificationPreferences>({ method: "PUT", path: "/notification-preferences", body: patch })).body;

/** Sends something by one channel alone, and answers what became of it. */
export const testChannel = async (channel: Channel): Promise<NotificationDelivery> =>
  (await authorized<NotificationDelivery>({ method: "POST", path: "/notifications/test", body: { channel } })).body;

/** Why a reminder was given, or was not. */
export const traceReminder = async (id: string): Promise<ReminderTrace> =>
  (await authorized<ReminderTrace>({ method: "GET", path: `/reminders/${id}/trace` })).body;
