import { useState, type ReactElement, type ReactNode } from "react";
import { changeEmail, changePassword, useUser } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { TextField } from "../ui/Field.tsx";
import { SettingsSection } from "../ui/SettingsPage.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { textIn } from "./form-values.ts";
import { text } from "./messages.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";
import type { FormProblem } from "./problem-text.ts";
import styles from "./Settings.module.css";
import type { Draft } from "../api/kept-drafts.ts";
import { useForm } from "./use-form.ts";
import { useFormDraft } from "./use-form-draft.ts";

/** What one signs in with. Each of the two asks for the password, as who finds the app open is not always its user. */
export const SignInSettings = (): ReactElement | null => {
  const email = useUser()?.email;
  if (email === undefined) return null;
  return (
    <SettingsSection id="sign-in" title={text.signInSettings} lead={text.signInSettingsText}>
      <EmailForm email={email} />
      <PasswordForm email={email} />
    </SettingsSection>
  );
};

const EmailForm = ({ email }: { readonly email: string }): ReactElement => (
  <CredentialForm
    name="email"
    label={text.changeEmail}
    onSubmit={async (values) => {
      const changed = await changeEmail({
        email: textIn(values, "email").trim(),
        password: textIn(values, "password"),
      });
      return text.emailChanged(changed.email);
    }}
  >
    {({ fields }, typed) => (
      <>
        <TextField
          label={text.newEmail}
          name="email"
          type="email"
          autoComplete="email"
          placeholder={email}
          defaultValue={typed.email ?? ""}
          required
          error={fields.email}
        />
        <TextField
          label={text.currentPassword}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fields.password}
        />
      </>
    )}
  </CredentialForm>
);

const PasswordForm = ({ email }: { readonly email: string }): ReactElement => (
  <CredentialForm
    name="password"
    label={text.changePassword}
    onSubmit={async (values) => {
      await changePassword({
        current_password: textIn(values, "current_password"),
        new_password: textIn(values, "new_password"),
      });
      return text.passwordChanged;
    }}
  >
    {({ fields }) => (
      <>
        {/* Tells a password manager whose password it is. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <TextField
          label={text.currentPassword}
          name="current_password"
          type="password"
          autoComplete="current-password"
          required
          error={fields.current_password}
        />
        <NewPasswordField label={text.newPassword} name="new_password" error={fields.new_password} />
      </>
    )}
  </CredentialForm>
);

interface CredentialFormProps {
  readonly name: "email" | "password";
  readonly label: string;
  /** Answers what to say when it is done. */
  readonly onSubmit: (values: FormData) => Promise<string>;
  /** Gets what was typed before, too. */
  readonly children: (problem: FormProblem, typed: Draft) => ReactNode;
}

const CredentialForm = ({ name, label, onSubmit, children }: CredentialFormProps): ReactElement => {
  const draft = useFormDraft(`settings.${name}`);
  const [timesSent, setTimesSent] = useState(0);
  const { problem, isBusy, submit } = useForm(async (values) => {
    showToast(await onSubmit(values), undefined, "settings");
    draft.end();
    setTimesSent(timesSent + 1);
  });
  return (
    <form key={timesSent} className={styles.credential} aria-label={label} onSubmit={submit} onChange={draft.onChange}>
      {problem.whole !== null && (
        <p className={styles.problem} role="alert">
          {problem.whole}
        </p>
      )}
      <div className={styles.pair}>{children(problem, draft.values)}</div>
      <Button type="submit" className={styles.start} disabled={isBusy}>
        {isBusy ? text.waiting : label}
      </Button>
    </form>
  );
};
