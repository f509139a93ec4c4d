import { useState, type ReactElement } from "react";
import { Link } from "wouter";
import type { UserPatch } from "../../../src/contract/account.ts";
import { dropDraft, keepDraft, useDraft } from "../api/drafts.ts";
import { changeUser, useUser } from "../api/session.ts";
import { SelectField, TextField } from "../ui/Field.tsx";
import { SettingsPage, SettingsSection } from "../ui/SettingsPage.tsx";
import { chooseTheme, themes, useTheme } from "../ui/theme.ts";
import { showToast } from "../ui/Toasts.tsx";
import { CloseAccount } from "./CloseAccount.tsx";
import { text } from "./messages.ts";
import { formProblem } from "./problem-text.ts";
import styles from "./Settings.module.css";
import { SignInSettings } from "./SignInSettings.tsx";
import { zoneOptions } from "./time-zones.ts";
import { Tokens } from "./Tokens.tsx";

export const SettingsScreen = (): ReactElement => (
  <SettingsPage title={text.settings}>
    <Profile />
    <Appearance />
    <Notifications />
    <SignInSettings />
    <Tokens />
    <CloseAccount />
  </SettingsPage>
);

const weekStarts = (["monday", "sunday", "saturday"] as const).map((value) => ({ value, label: text[value] }));

const nameField = "settings.name";

/** Each field saves by itself; one that cannot be saved says so beneath, and keeps what was typed. */
const Profile = (): ReactElement | null => {
  const user = useUser();
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const name = useDraft(nameField)?.name;
  if (user === null) return null;
  const save = (patch: UserPatch): void => {
    setProblems({});
    changeUser(patch)
      .then(() => {
        if (patch.name !== undefined) dropDraft(nameField);
        showToast(text.saved, undefined, "settings");
      })
      .catch((error: unknown) => {
        const { fields, whole } = formProblem(error);
        const [field] = Object.keys(patch);
        setProblems(whole === null ? fields : { [field ?? ""]: text.notSaved(whole) });
      });
  };
  return (
    <SettingsSection id="profile" title={text.profile} lead={`${text.signedInAs(user.email)}. ${text.profileText}`}>
      <TextField
        label={text.name}
        dir="auto"
        defaultValue={name ?? user.name}
        autoComplete="name"
        error={problems.name}
        {...(name === undefined ? {} : { hint: text.draft })}
        onChange={(event) => keepDraft(nameField, { name: event.currentTarget.value })}
        onBlur={(event) => {
          const typed = event.currentTarget.value.trim();
          if (typed === user.name) dropDraft(nameField);
          else save({ name: typed });
        }}
      />
      <div className={styles.pair}>
        <SelectField
          label={text.timeZone}
          value={user.time_zone}
          options={zoneOptions(user.time_zone)}
          error={problems.time_zone}
          onChange={(event) => save({ time_zone: event.currentTarget.value })}
        />
        <SelectField
          label={text.weekStart}
          value={user.week_start}
          options={weekStarts}
          error={problems.week_start}
          onChange={(event) => {
            const chosen = weekStarts.find(({ value }) => value === event.currentTarget.value);
            if (chosen !== undefined) save({ week_start: chosen.value });
          }}
        />
      </div>
    </SettingsSection>
  );
};

const Notifications = (): ReactElement => (
  <SettingsSection id="notifications" title={text.notifications} lead={text.notificationsText}>
    <Link href="/settings/notifications" className={styles.link}>
      {text.notificationsLink}
    </Link>
  </SettingsSection>
);

const Appearance = (): ReactElement => {
  const current = useTheme((state) => state.theme);
  return (
    <SettingsSection id="appearance" title={text.appearance}>
      <fieldset className={styles.themes}>
        <legend className="visually-hidden">{text.theme}</legend>
        {themes.map((theme) => (
          <label key={theme}>
            <input type="radio" name="theme" checked={theme === current} onChange={() => chooseTheme(theme)} />
            {text[theme]}
          </label>
        ))}
      </fieldset>
    </SettingsSection>
  );
};
