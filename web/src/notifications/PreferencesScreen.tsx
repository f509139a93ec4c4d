import type { ReactElement } from "react";
import { Button } from "../ui/Button.tsx";
import { SettingsPage } from "../ui/SettingsPage.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { BrowserSection } from "./BrowserSection.tsx";
import { ChannelTable } from "./ChannelTable.tsx";
import { text } from "./messages.ts";
import styles from "./Preferences.module.css";
import { TimesSection } from "./TimesSection.tsx";
import { usePreferences } from "./use-preferences.ts";

/** What reaches the user, where and when. Each change saves by itself. */
export const PreferencesScreen = (): ReactElement => {
  const { preferences, hasFailed, load, change } = usePreferences(({ message }) =>
    showToast(text.notSaved(message), undefined, "settings"),
  );
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
