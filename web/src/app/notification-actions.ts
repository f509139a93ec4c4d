import { navigate } from "wouter/use-browser-location";
import type { NotificationActions } from "../notifications/actions.ts";
import { markRead } from "../api/inbox-store.ts";
import { completeTasks, tasksOf } from "../tasks/actions.ts";
import { openTask } from "../tasks/open-task.ts";
import { clockNow } from "../time/clock.ts";
import { phone } from "../ui/media.ts";
import { hideOverlay, showExplained, showOverlay } from "./address.ts";

/** Loaded with the first use: the first view has none. */
const reminders = () => import("../tasks/reminders/actions.ts");

/** The notifications over the view; on a phone, where nothing fits over it, their page. */
export const openCentre = (): void =>
  matchMedia(phone).matches ? navigate("/notifications") : showOverlay("notifications");

/** What a notification lets one do, by the actions of tasks. */
export const notificationActions: NotificationActions = {
  open: (taskId) => {
    hideOverlay();
    openTask(taskId);
  },
  complete: (taskId) => completeTasks(tasksOf([taskId])),
  snooze: ({ id, task_id, reminder_id }, until) => {
    const [task] = tasksOf([task_id ?? ""]);
    if (task === undefined || reminder_id === null) return;
    markRead([id]);
    void reminders().then(({ snoozeReminder }) => snoozeReminder(task, reminder_id, until, clockNow()));
  },
  acknowledge: ({ task_id, reminder_id }) => {
    const [task] = tasksOf([task_id ?? ""]);
    if (task !== undefined && reminder_id !== null)
      void reminders().then(({ acknowledgeReminder }) => acknowledgeReminder(task, reminder_id));
  },
  explain: (reminderId) => {
    hideOverlay();
    showExplained(reminderId);
  },
  openCentre,
};
