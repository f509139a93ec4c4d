import type { Notification } from "../../../src/contract/notification.ts";

/**
 * What a notification lets one do. What it is about are tasks, which are no business of this feature: the app gives the
 * ways.
 */
export interface NotificationActions {
  readonly open: (taskId: string) => void;
  readonly complete: (taskId: string) => void;
  /** `until` is an instant, or a wall-clock time of the user. */
  readonly snooze: (notification: Notification, until: string) => void;
  /** The user has seen a reminder, and needs it no more. */
  readonly acknowledge: (notification: Notification) => void;
  readonly openCentre: () => void;
  /** Tells why a reminder was given. */
  readonly explain: (reminderId: string) => void;
}
