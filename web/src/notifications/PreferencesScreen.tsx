import { useEffect, useState, type ReactElement } from "react";
import type { NotificationPreferences, NotificationPreferencesPatch } from "../../../src/contract/notification.ts";
import { changePreferences, readPreferences } from "../api/notifications.ts";
import { Button } from "../ui/Button.tsx";
import { SettingsPage } from "../ui/SettingsPage.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { BrowserSection } from "./BrowserSection.tsx";
import { ChannelTable } from "./ChannelTable.tsx";
import { text } from "./messages.ts";
import styles from "./Preferences.module.css";
import { TimesSection } from "./TimesSection.tsx";

/** What reaches the user, where and when. Each change saves by itself. */
export const PreferencesScreen = (): ReactElement => {
  const [preferences, setPreferences] = useState<NotificationPreferences | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const load = (): void => {
    readPreferences()
      .then((answer) => {
        setPreferences(answer);
        setFailed(false);
      })
      .catch(() => setFailed(true));
  };
  useEffect(load, []);
  const change = (patch: NotificationPreferencesPatch): void => {
    const before = preferences;
    setPreferences(before && merged(before, patch));
    changePreferences(patch)
      .then(setPreferences)
      .catch((error: Error) => {
        setPreferences(before);
        showToast(text.notSaved(error.message), undefined, "settings");
      });
  };
  return (
    <SettingsPage title={text.preferences} lead={text.prefLead}>
      {hasFailed && preferences === null && (
        <div className={styles.problem} role="alert">
          <p>{text.loadFailed}</p>
          <Button onClick={load}>{text.tryAgain}</Button>
        </div>
      )}
      {preferences !== null && (
        <>
          <ChannelTable preferences={preferences} onChange={change} />
          <TimesSection preferences={preferences} onChange={change} />
        </>
      )}
      <BrowserSection />
    </SettingsPage>
  );
};

/** What the server will answer, as far as it can be said before. */
const merged = (preferences: NotificationPreferences, { events = {}, ...rest }: NotificationPreferencesPatch): NotificationPreferences => ({
  ...preferences,
  ...rest,
  events: Object.fromEntries(Object.entries(preferences.events).map(([type, choice]) => [type, { ...choice, ...events[type] }])),
});
