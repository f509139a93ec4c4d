import type { Notification as Told } from "../../../src/contract/notification.ts";

/** What goes with a notification of the browser; the service worker reads it when it is clicked. */
export interface Shown {
  readonly taskId: string | null;
}

/**
 * Shows a notification outside of the window, where the user allowed that. By the service worker where there is one:
 * a phone takes none from a page, and a click finds the app also when its tab was closed.
 */
export const showInBrowser = async (
  { id, title, body, task_id }: Pick<Told, "id" | "title" | "body" | "task_id">,
  open: (taskId: string) => void,
): Promise<void> => {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const options = {
    tag: id,
    icon: "/icon-192.png",
    data: { taskId: task_id } satisfies Shown,
    ...(body === null ? {} : { body }),
  };
  const registration = await worker();
  if (registration !== undefined) return registration.showNotification(title, options);
  showFromPage(title, options, () => (task_id === null ? undefined : open(task_id)));
};

/** Takes away what was seen elsewhere meanwhile. */
export const closeInBrowser = async (id: string): Promise<void> => {
  const shown = (await (await worker())?.getNotifications({ tag: id })) ?? [];
  for (const notification of shown) notification.close();
};

const worker = async (): Promise<ServiceWorkerRegistration | undefined> => {
  const registration = await navigator.serviceWorker?.getRegistration();
  return registration?.active == null ? undefined : registration;
};

const showFromPage = (title: string, options: NotificationOptions, open: () => void): void => {
  const notification = new Notification(title, options);
  notification.addEventListener("click", () => {
    notification.close();
    window.focus();
    open();
  });
};
