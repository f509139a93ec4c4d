import type { Notification, NotificationType } from "../../../src/contract/notification.ts";
import { addDays } from "../time/calendar.ts";
import { dayOf, type Clock } from "../time/due-date.ts";

export const days = ["today", "yesterday", "earlier"] as const;
export type Day = (typeof days)[number];

/** In the order in which they matter. */
export const kinds = ["reminders", "summaries", "changes", "tests"] as const;
export type Kind = (typeof kinds)[number];

export interface KindGroup {
  readonly kind: Kind;
  readonly notifications: readonly Notification[];
}

export interface DayGroup {
  readonly day: Day;
  readonly kinds: readonly KindGroup[];
}

export const kindOf = (type: NotificationType): Kind => {
  if (type === "task.reminder.triggered") return "reminders";
  if (type === "digest") return "summaries";
  return type === "test" ? "tests" : "changes";
};

/** Notifications by day and kind; the order within is kept. Days are the user's. */
export const groupNotifications = (notifications: readonly Notification[], clock: Clock): DayGroup[] => {
  const byDay = Map.groupBy(notifications, ({ created_at }) => dayGroup(dayOf(created_at, clock.zone), clock));
  return days.flatMap((day) => {
    const ofDay = byDay.get(day);
    return ofDay === undefined ? [] : { day, kinds: byKind(ofDay) };
  });
};

/** What is ahead of this device's clock is of today. */
const dayGroup = (day: string, clock: Clock): Day => {
  if (day >= clock.day) return "today";
  return day === addDays(clock.day, -1) ? "yesterday" : "earlier";
};

const byKind = (notifications: readonly Notification[]): KindGroup[] => {
  const groups = Map.groupBy(notifications, ({ type }) => kindOf(type));
  return kinds.flatMap((kind) => {
    const ofKind = groups.get(kind);
    return ofKind === undefined ? [] : { kind, notifications: ofKind };
  });
};
