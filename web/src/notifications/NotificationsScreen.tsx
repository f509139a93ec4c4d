import { useEffect, type ReactElement } from "react";
import { useInbox } from "../api/inbox-store.ts";
import type { NotificationActions } from "./actions.ts";
import { text } from "./messages.ts";
import { CentreActions } from "./NotificationCentre.tsx";
import { NotificationList } from "./NotificationList.tsx";
import styles from "./NotificationsScreen.module.css";

/** What the user was told, as a page: where a phone's bell leads. */
export const NotificationsScreen = ({ actions }: { readonly actions: NotificationActions }): ReactElement => {
  const unread = useInbox((state) => state.unread);
  useEffect(() => {
    document.title = `${text.notifications} · TaskFlow`;
  }, []);
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div>
          <h1 className={styles.title}>{text.notifications}</h1>
          <p className={styles.context}>{text.context(unread)}</p>
        </div>
        <CentreActions />
      </div>
      <NotificationList actions={actions} />
    </div>
  );
};
