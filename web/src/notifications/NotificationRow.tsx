import {
  AlarmClock,
  Bell,
  Check,
  CircleCheck,
  Layers,
  Mail,
  MailOpen,
  Pencil,
  Plus,
  Radio,
  Trash2,
} from "lucide-react";
import { useState, type ComponentProps, type ReactElement } from "react";
import type { Notification, NotificationType } from "../../../src/contract/notification.ts";
import { draftOf } from "../api/drafts.ts";
import { markRead, markUnread } from "../api/inbox-store.ts";
import { useClock } from "../time/clock.ts";
import { dayOf, timeOf } from "../time/due-date.ts";
import { formatDay } from "../time/due-words.ts";
import { classNames } from "../ui/class-names.ts";
import { locale } from "../ui/messages.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import type { NotificationActions } from "./actions.ts";
import type { Day } from "./grouping.ts";
import { text } from "./messages.ts";
import styles from "./NotificationRow.module.css";
import { SnoozeForm, snoozeField } from "./SnoozeForm.tsx";
import { SnoozeMenu } from "./SnoozeMenu.tsx";
import { useTaskState } from "./use-task-state.ts";

interface NotificationRowProps {
  readonly notification: Notification;
  readonly day: Day;
  readonly actions: NotificationActions;
}

const icons: Record<NotificationType, typeof Bell> = {
  "task.reminder.triggered": Bell,
  "task.created": Plus,
  "task.updated": Pencil,
  "task.completed": CircleCheck,
  "task.deleted": Trash2,
  digest: Layers,
  test: Radio,
};

/** Something the user was told, and what can be done about it. */
export const NotificationRow = ({ notification, day, actions }: NotificationRowProps): ReactElement => {
  const [isPicking, setPicking] = useState(() => draftOf(snoozeField(notification.id)) !== undefined);
  const { type, title, body, critical, read_at } = notification;
  const state = useTaskState(notification);
  const Icon = icons[type];
  const snooze = (until: string): void => {
    setPicking(false);
    actions.snooze(notification, until);
  };
  const explain = (): void =>
    notification.reminder_id === null ? undefined : actions.explain(notification.reminder_id);
  return (
    <li className={classNames(styles.row, read_at === null && styles.unread)}>
      <span className={styles.icon}>
        <Icon size={16} aria-hidden />
      </span>
      <div className={styles.text}>
        <Title notification={notification} actions={actions} isOpenable={state !== "gone"} />
        {read_at === null && <span className="visually-hidden">{text.unread}</span>}
        <p className={styles.body}>
          {critical && <span className={styles.critical}>{text.critical}</span>}
          {body !== null && <span dir="auto">{body}</span>}
          {state === "completed" && type !== "task.completed" && <span>{text.isDone}</span>}
        </p>
      </div>
      <When instant={notification.created_at} day={day} />
      <div className={styles.actions}>
        {notification.reminder_id !== null && (
          <button type="button" className={styles.why} aria-label={text.whyOf(title)} onClick={explain}>
            {text.why}
          </button>
        )}
        {state === "open" && notification.reminder_id !== null && (
          <SnoozeMenu
            onSnooze={snooze}
            onPick={() => setPicking(true)}
            trigger={
              <Action label={text.snoozeOf(title)} short={text.snooze}>
                <AlarmClock size={16} aria-hidden />
              </Action>
            }
          />
        )}
        {state === "open" && notification.task_id !== null && (
          <Action label={text.doneOf(title)} short={text.done} onClick={() => complete(notification, actions)}>
            <Check size={16} aria-hidden />
          </Action>
        )}
        <ReadAction notification={notification} />
      </div>
      {isPicking && (
        <div className={styles.form}>
          <SnoozeForm notificationId={notification.id} onSnooze={snooze} onCancel={() => setPicking(false)} />
        </div>
      )}
    </li>
  );
};

interface ActionProps extends ComponentProps<"button"> {
  readonly label: string;
  /** Beside the icon where there is room, which is where fingers are; in a tooltip elsewhere. */
  readonly short: string;
  /** What the tooltip says, where one word is too few. */
  readonly hint?: string;
}

const Action = ({ label, short, hint = short, children, ...rest }: ActionProps): ReactElement => (
  <Tooltip text={hint}>
    <button type="button" {...rest} aria-label={label} className={styles.action}>
      {children}
      <span className={styles.short}>{short}</span>
    </button>
  </Tooltip>
);

/** One button both ways: it keeps the focus when it is used. */
const ReadAction = ({ notification: { id, title, read_at } }: { readonly notification: Notification }): ReactElement =>
  read_at === null ? (
    <Action label={text.readOf(title)} short={text.read} hint={text.readHint} onClick={() => markRead([id])}>
      <MailOpen size={16} aria-hidden />
    </Action>
  ) : (
    <Action label={text.unreadOf(title)} short={text.unread} hint={text.unreadHint} onClick={() => markUnread([id])}>
      <Mail size={16} aria-hidden />
    </Action>
  );

const complete = ({ id, task_id }: Notification, actions: NotificationActions): void => {
  markRead([id]);
  if (task_id !== null) actions.complete(task_id);
};

interface TitleProps {
  readonly notification: Notification;
  readonly actions: NotificationActions;
  readonly isOpenable: boolean;
}

const Title = ({ notification: { id, title, task_id }, actions, isOpenable }: TitleProps): ReactElement => {
  if (task_id === null || !isOpenable)
    return (
      <span className={styles.title} dir="auto">
        {title}
      </span>
    );
  const open = (): void => {
    markRead([id]);
    actions.open(task_id);
  };
  return (
    <button type="button" className={styles.title} dir="auto" onClick={open}>
      {title}
    </button>
  );
};

/** A heading says the day of what is of today or yesterday. */
const When = ({ instant, day }: { readonly instant: string; readonly day: Day }): ReactElement => {
  const { zone } = useClock();
  const civil = dayOf(instant, zone);
  return (
    <time className={styles.when} dateTime={instant}>
      {day === "earlier" ? formatDay(civil, locale, { day: "numeric", month: "short" }) : timeOf(instant, zone)}
    </time>
  );
};
