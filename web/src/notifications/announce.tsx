import { AlarmClock, Check } from "lucide-react";
import { useState, type ReactElement } from "react";
import type { CoalescedNotifications, Notification } from "../../../src/contract/notification.ts";
import { hasFocusAnywhere } from "../api/focus.ts";
import { markRead, useInbox, type Announcement } from "../api/inbox-store.ts";
import { Button } from "../ui/Button.tsx";
import { closeToast, showNotice } from "../ui/Toasts.tsx";
import type { NotificationActions } from "./actions.ts";
import { closeInBrowser, showInBrowser } from "./browser.ts";
import { text } from "./messages.ts";
import { SnoozeForm } from "./SnoozeForm.tsx";
import { SnoozeMenu } from "./SnoozeMenu.tsx";
import { useTaskState } from "./use-task-state.ts";

/**
 * Shows something that arrived: in every tab as a toast, and outside of the window by one tab, when the user is at
 * none. What was seen in one place goes away in all.
 */
export const announce = ({ told, isFirst }: Announcement, actions: NotificationActions): void => {
  if (told.type === "coalesced") return showMany(told, actions);
  if (told.read_at !== null) return;
  showOne(told, actions);
  closeWhenRead(told.id);
  if (isFirst) void hasFocusAnywhere().then((isSeen) => (isSeen ? undefined : showInBrowser(told, actions.open)));
};

const showMany = (told: CoalescedNotifications, actions: NotificationActions): void =>
  showNotice({
    id: "several-notifications",
    title: text.several(told.count),
    body: null,
    staysOpen: false,
    onDismiss: () => undefined,
    controls: <Button onClick={actions.openCentre}>{text.showAll}</Button>,
  });

/** A reminder stays until something is done about it; everything else is news, and goes. */
const showOne = (notification: Notification, actions: NotificationActions): void => {
  const { id, title, body, reminder_id } = notification;
  const dismiss = (): void => {
    markRead([id]);
    actions.acknowledge(notification);
  };
  showNotice({
    id,
    title,
    body,
    staysOpen: reminder_id !== null,
    onDismiss: dismiss,
    controls: <Controls notification={notification} actions={actions} />,
  });
};

const closeWhenRead = (id: string): void => {
  const stop = useInbox.subscribe(({ notifications }) => {
    if (notifications.find((each) => each.id === id)?.read_at == null) return;
    stop();
    closeToast(id);
    void closeInBrowser(id);
  });
};

interface ControlsProps {
  readonly notification: Notification;
  readonly actions: NotificationActions;
}

const Controls = ({ notification, actions }: ControlsProps): ReactElement | null => {
  const [isPicking, setPicking] = useState(false);
  const state = useTaskState(notification);
  const { id, task_id, reminder_id } = notification;
  if (task_id === null) return null;
  const seen = (use: () => void) => (): void => {
    markRead([id]);
    closeToast(id);
    void closeInBrowser(id);
    use();
  };
  const snooze = (until: string): void => seen(() => actions.snooze(notification, until))();
  if (isPicking) return <SnoozeForm notificationId={id} onSnooze={snooze} onCancel={() => setPicking(false)} />;
  return (
    <>
      {state === "open" && reminder_id !== null && (
        <SnoozeMenu
          onSnooze={snooze}
          onPick={() => setPicking(true)}
          trigger={
            <Button>
              <AlarmClock size={16} aria-hidden />
              {text.snooze}
            </Button>
          }
        />
      )}
      {state === "open" && (
        <Button onClick={seen(() => actions.complete(task_id))}>
          <Check size={16} aria-hidden />
          {text.done}
        </Button>
      )}
      <Button look="quiet" onClick={seen(() => actions.open(task_id))}>
        {text.open}
      </Button>
    </>
  );
};
