import { useState, type ReactElement } from "react";
import { askForNotifications, declineNotifications, useBrowserNotifications } from "../../ui/browser-notifications.ts";
import { Button } from "../../ui/Button.tsx";
import { text } from "./messages.ts";
import styles from "./ReminderEditor.module.css";

/** A quiet line for who has reminders and was never asked. The browser's own question comes only on the click. */
export const AskForBrowser = (): ReactElement | null => {
  const { permission, isDeclined } = useBrowserNotifications();
  const [hasAsked, setAsked] = useState(false);
  if (permission === "denied" && hasAsked) return <p className={styles.note}>{text.refusedByBrowser}</p>;
  if (permission !== "default" || isDeclined) return null;
  return (
    <p className={styles.ask}>
      <span>{text.outside}</span>
      <Button look="link" onClick={() => void askForNotifications().then(() => setAsked(true))}>
        {text.allow}
      </Button>
      <Button look="link" onClick={declineNotifications}>
        {text.notNow}
      </Button>
    </p>
  );
};
