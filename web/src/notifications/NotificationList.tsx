import { BellRing } from "lucide-react";
import { useState, type ReactElement } from "react";
import { loadOlder, useInbox } from "../api/inbox-store.ts";
import { useTasks } from "../api/tasks-store.ts";
import { useClock } from "../time/clock.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import type { NotificationActions } from "./actions.ts";
import { groupNotifications, type DayGroup } from "./grouping.ts";
import { text } from "./messages.ts";
import styles from "./NotificationList.module.css";
import { NotificationRow } from "./NotificationRow.tsx";

/** The inbox as this device knows it, by day and kind. */
export const NotificationList = ({ actions }: { readonly actions: NotificationActions }): ReactElement => {
  const notifications = useInbox((state) => state.notifications);
  const nextCursor = useInbox((state) => state.nextCursor);
  const isOffline = useTasks((state) => state.connection === "offline");
  const clock = useClock();
  return (
    <>
      {isOffline && (
        <p className={styles.note} role="status">
          {text.asOf}
        </p>
      )}
      {notifications.length === 0 && (
        <EmptyState icon={<BellRing size={26} aria-hidden />} title={text.empty}>
          {text.emptyText}
        </EmptyState>
      )}
      {groupNotifications(notifications, clock).map((group) => (
        <DaySection key={group.day} group={group} actions={actions} />
      ))}
      {nextCursor !== null && <Older />}
    </>
  );
};

/** Within a day a kind is named where there are several. */
const DaySection = ({
  group: { day, kinds },
  actions,
}: {
  readonly group: DayGroup;
  readonly actions: NotificationActions;
}): ReactElement => (
  <section className={styles.day} aria-labelledby={`notifications-${day}`}>
    <h2 id={`notifications-${day}`} className={styles.heading}>
      {text[day]}
    </h2>
    {kinds.map(({ kind, notifications }) => (
      <div key={kind}>
        {kinds.length > 1 && <h3 className={styles.kind}>{text[kind]}</h3>}
        <ul aria-label={`${text[day]}: ${text[kind]}`}>
          {notifications.map((notification) => (
            <NotificationRow key={notification.id} notification={notification} day={day} actions={actions} />
          ))}
        </ul>
      </div>
    ))}
  </section>
);

const Older = (): ReactElement => {
  const [hasFailed, setFailed] = useState(false);
  const load = (): void => {
    setFailed(false);
    loadOlder().catch(() => setFailed(true));
  };
  return (
    <div className={styles.older}>
      <Button look="link" onClick={load}>
        {text.older}
      </Button>
      {hasFailed && <p role="alert">{text.notLoaded}</p>}
    </div>
  );
};
