import type { ReactElement } from "react";
import { useInbox } from "../api/inbox-store.ts";
import { View } from "../ui/View.tsx";
import type { NotificationActions } from "./actions.ts";
import { text } from "./messages.ts";
import { CentreActions } from "./NotificationCentre.tsx";
import { NotificationList } from "./NotificationList.tsx";
import styles from "./NotificationsScreen.module.css";

/** What the user was told, as a page: where a phone's bell leads. */
export const NotificationsScreen = ({ actions }: { readonly actions: NotificationActions }): ReactElement => {
  const unread = useInbox((state) => state.unread);
  return (
    <View
      title={text.notifications}
      context={text.context(unread)}
      action={
        <div className={styles.actions}>
          <CentreActions />
        </div>
      }
    >
      <div className={styles.list}>
        <NotificationList actions={actions} />
      </div>
    </View>
  );
};
