import { CheckCheck, Settings } from "lucide-react";
import { useRef, type ReactElement } from "react";
import { navigate } from "wouter/use-browser-location";
import { markAllRead, useInbox } from "../api/inbox-store.ts";
import { IconButton } from "../ui/Button.tsx";
import { Popover } from "../ui/Popover.tsx";
import { showToast } from "../ui/Toasts.tsx";
import type { NotificationActions } from "./actions.ts";
import { text } from "./messages.ts";
import styles from "./NotificationCentre.module.css";
import { NotificationList } from "./NotificationList.tsx";

interface NotificationCentreProps {
  readonly anchorId: string;
  readonly actions: NotificationActions;
  readonly onClose: () => void;
}

/** What the user was told, at the bell. */
export const NotificationCentre = ({ anchorId, actions, onClose }: NotificationCentreProps): ReactElement => {
  const centre = useRef<HTMLDivElement>(null);
  return (
    <Popover
      anchor={document.getElementById(anchorId)}
      label={text.notifications}
      onClose={onClose}
      initialFocus={() => centre.current}
    >
      <div ref={centre} className={styles.centre} tabIndex={-1}>
        <div className={styles.head}>
          <h1 className={styles.title}>{text.notifications}</h1>
          <CentreActions />
        </div>
        <div className={styles.list}>
          <NotificationList actions={actions} />
        </div>
      </div>
    </Popover>
  );
};

/** What concerns all of them. */
export const CentreActions = (): ReactElement => {
  const hasUnread = useInbox((state) => state.unread > 0);
  return (
    <>
      <IconButton
        small
        label={text.markAllRead}
        disabled={!hasUnread}
        onClick={() =>
          void markAllRead().catch((error: Error) =>
            showToast(text.notSaved(error.message), undefined, "notifications"),
          )
        }
      >
        <CheckCheck size={18} aria-hidden />
      </IconButton>
      <IconButton small label={text.preferences} onClick={() => navigate("/settings/notifications")}>
        <Settings size={18} aria-hidden />
      </IconButton>
    </>
  );
};
