import { useState, type ReactElement } from "react";
import { newId } from "../api/ids.ts";
import {
  askForNotifications,
  useBrowserNotifications,
  type NotificationPermissionState,
} from "../ui/browser-notifications.ts";
import { Button } from "../ui/Button.tsx";
import { SettingsSection } from "../ui/SettingsPage.tsx";
import { showInBrowser } from "./browser.ts";
import { text } from "./messages.ts";
import styles from "./Preferences.module.css";

const words: Record<NotificationPermissionState, string | null> = {
  granted: text.browserOn,
  denied: text.browserOff,
  unsupported: text.browserUnsupported,
  default: null,
};

/** Notifications of the browser, on this device. It is asked only on a click. */
export const BrowserSection = (): ReactElement => {
  const permission = useBrowserNotifications((state) => state.permission);
  const [isShown, setShown] = useState(false);
  const show = (): void => {
    setShown(true);
    void showInBrowser({ id: newId(), title: text.testTitle, body: null, task_id: null }, () => undefined);
  };
  return (
    <SettingsSection id="browser" title={text.browser} lead={text.browserText}>
      {words[permission] !== null && <p>{words[permission]}</p>}
      {permission === "default" && (
        <div>
          <Button look="primary" onClick={() => void askForNotifications()}>
            {text.allow}
          </Button>
        </div>
      )}
      {permission === "granted" && (
        <div>
          <Button onClick={show}>{text.showTest}</Button>
        </div>
      )}
      {isShown && (
        <p className={styles.lead} role="status">
          {text.testShown}
        </p>
      )}
    </SettingsSection>
  );
};
