import { useState, type ReactElement } from "react";
import type { NotificationPreferences, NotificationPreferencesPatch } from "../../../src/contract/notification.ts";
import { changeUser, useUser } from "../api/session.ts";
import { SelectField } from "../ui/Field.tsx";
import { SettingsSection } from "../ui/SettingsPage.tsx";
import { Switch } from "../ui/Switch.tsx";
import { TimeField } from "../ui/TimeField.tsx";
import { text } from "./messages.ts";
import styles from "./Preferences.module.css";

interface TimesSectionProps {
  readonly preferences: NotificationPreferences;
  readonly onChange: (patch: NotificationPreferencesPatch) => void;
}

const usual = { start: "22:00", end: "07:00" };

/** When one is left alone, and when all-day tasks remind. */
export const TimesSection = ({
  preferences: { critical_only, quiet_hours },
  onChange,
}: TimesSectionProps): ReactElement => {
  const zone = useUser()?.time_zone ?? "UTC";
  return (
    <SettingsSection id="times" title={text.when}>
      <Choice
        title={text.criticalOnly}
        hint={text.criticalOnlyText}
        checked={critical_only}
        onChange={(isOn) => onChange({ critical_only: isOn })}
      />
      <div>
        <Choice
          title={text.quietHours}
          hint={text.quietText(zone)}
          checked={quiet_hours !== null}
          onChange={(isOn) => onChange({ quiet_hours: isOn ? usual : null })}
        />
        {quiet_hours !== null && (
          <div className={styles.times}>
            <label>
              {text.quietFrom}
              <TimeField
                value={quiet_hours.start}
                onChange={(start) => start !== null && onChange({ quiet_hours: { ...quiet_hours, start } })}
              />
            </label>
            <label>
              {text.quietUntil}
              <TimeField
                value={quiet_hours.end}
                onChange={(end) => end !== null && onChange({ quiet_hours: { ...quiet_hours, end } })}
              />
            </label>
          </div>
        )}
      </div>
      <AllDayHour />
    </SettingsSection>
  );
};

interface ChoiceProps {
  readonly title: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly onChange: (isOn: boolean) => void;
}

const Choice = ({ title, hint, checked, onChange }: ChoiceProps): ReactElement => (
  <div className={styles.choice}>
    <div>
      <p>{title}</p>
      <small>{hint}</small>
    </div>
    <Switch label={title} checked={checked} onChange={onChange} />
  </div>
);

const hours = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, "0")}:00`,
}));

const AllDayHour = (): ReactElement => {
  const hour = useUser()?.all_day_hour ?? 9;
  const [problem, setProblem] = useState<string>();
  const save = (value: string): void => {
    setProblem(undefined);
    changeUser({ all_day_hour: Number(value) }).catch((error: Error) => setProblem(text.notSaved(error.message)));
  };
  return (
    <SelectField
      label={text.allDayHour}
      value={String(hour)}
      options={hours}
      error={problem}
      onChange={(event) => save(event.currentTarget.value)}
    />
  );
};
