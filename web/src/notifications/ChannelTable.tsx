import { useState, type ReactElement } from "react";
import type { NotificationPreferences, NotificationPreferencesPatch } from "../../../src/contract/notification.ts";
import { testChannel } from "../api/notifications.ts";
import { Button } from "../ui/Button.tsx";
import { SettingsSection } from "../ui/SettingsPage.tsx";
import { Switch } from "../ui/Switch.tsx";
import { text } from "./messages.ts";
import styles from "./Preferences.module.css";

/** The channels that exist; each other one gets its column with its first delivery. */
const channels = ["stream", "inbox"] as const;
type Channel = (typeof channels)[number];

/** By how much one wants to know of them. */
const events = ["task.reminder.triggered", "task.created", "task.updated", "task.completed", "task.deleted"] as const;

interface ChannelTableProps {
  readonly preferences: NotificationPreferences;
  readonly onChange: (patch: NotificationPreferencesPatch) => void;
}

/** What is told, and where: one switch each. */
export const ChannelTable = ({ preferences, onChange }: ChannelTableProps): ReactElement => (
  <SettingsSection id="channels" title={text.what}>
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.first}>
            {text.event}
          </th>
          {channels.map((channel) => (
            <th key={channel} scope="col">
              {text[channel]}
              <small>{text[`${channel}Hint`]}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event}>
            <th scope="row" className={styles.first}>
              {text[event]}
            </th>
            {channels.map((channel) => (
              <td key={channel}>
                <Switch
                  label={text.eventBy(text[event], text[channel])}
                  checked={preferences.events[event]?.[channel] ?? false}
                  onChange={(isOn) => onChange({ events: { [event]: { [channel]: isOn } } })}
                />
              </td>
            ))}
          </tr>
        ))}
        <tr className={styles.tests}>
          <th scope="row" className={styles.first}>
            {text.trying}
          </th>
          {channels.map((channel) => (
            <td key={channel}>
              <TestButton channel={channel} />
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  </SettingsSection>
);

/** Sends something by a channel, and says what became of it. */
const TestButton = ({ channel }: { readonly channel: Channel }): ReactElement => {
  const [outcome, setOutcome] = useState<string | null>(null);
  const test = (): void => {
    setOutcome(text.testing);
    testChannel(channel)
      .then(({ status, reason }) => setOutcome(text[`test_${status}`](reason)))
      .catch((error: Error) => setOutcome(text.testNotSent(error.message)));
  };
  return (
    <>
      <Button aria-label={text.testOf(text[channel])} onClick={test}>
        {text.sendTest}
      </Button>
      <p className={styles.outcome} role="status">
        {outcome}
      </p>
    </>
  );
};
