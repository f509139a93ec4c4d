import { create } from "zustand";

export type NotificationPermissionState = NotificationPermission | "unsupported";

const declinedKey = "taskflow.browser-notifications";

const present = (): NotificationPermissionState =>
  typeof Notification === "undefined" || !isSecureContext ? "unsupported" : Notification.permission;

/** Whether the browser lets this site show notifications, and whether the user has said here that they want none. */
export const useBrowserNotifications = create<{ permission: NotificationPermissionState; isDeclined: boolean }>(() => ({
  permission: present(),
  isDeclined: localStorage.getItem(declinedKey) === "declined",
}));

/**
 * Asks the user, by the browser's own question. Only ever on a click: a page that asks by itself is refused, and
 * rightly.
 */
export const askForNotifications = async (): Promise<void> => {
  await Notification.requestPermission();
  useBrowserNotifications.setState({ permission: present() });
};

/** Does not offer it again on its own; the preferences still do. */
export const declineNotifications = (): void => {
  localStorage.setItem(declinedKey, "declined");
  useBrowserNotifications.setState({ isDeclined: true });
};
