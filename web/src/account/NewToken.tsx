import { useEffect, useRef, useState, type ReactElement } from "react";
import type { IssuedApiToken, NewApiToken, Scope } from "../../../src/contract/account.ts";
import { Refused } from "../api/http.ts";
import { useUser } from "../api/session.ts";
import { issueToken } from "../api/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { SelectField, TextField } from "../ui/Field.tsx";
import { textIn } from "./form-values.ts";
import { text } from "./messages.ts";
import styles from "./Settings.module.css";
import { useForm } from "./use-form.ts";
import { useFormDraft } from "./use-form-draft.ts";

const scopesOf: Readonly<Record<string, Scope[]>> = { read: ["read"], write: ["read", "write"] };
const scopeChoices = [
  { value: "write", label: text.scopeWrite },
  { value: "read", label: text.scopeRead },
];
const endChoices = [
  { value: "90", label: text.in90Days },
  { value: "30", label: text.in30Days },
  { value: "365", label: text.in365Days },
  { value: "", label: text.never },
];

const tokenIn = (values: FormData): NewApiToken => {
  const days = textIn(values, "days");
  const password = textIn(values, "password");
  return {
    name: textIn(values, "name").trim(),
    scopes: scopesOf[textIn(values, "scope")] ?? ["read"],
    expires_in_days: days === "" ? null : Number(days),
    // It is for a script, which goes on when this browser is signed out.
    independent: true,
    ...(password === "" ? {} : { password }),
  };
};

/** The form for an API token. It asks for the password when the server does: the sign-in was a while ago. */
export const NewToken = ({ onMade }: { readonly onMade: (token: IssuedApiToken) => void }): ReactElement => {
  const [asksPassword, setAsksPassword] = useState(false);
  const [timesMade, setTimesMade] = useState(0);
  const draft = useFormDraft("settings.token");
  const { problem, isBusy, submit } = useForm(async (values) => {
    try {
      onMade(await issueToken(tokenIn(values)));
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "password_required") throw error;
      return setAsksPassword(true);
    }
    setAsksPassword(false);
    draft.end();
    setTimesMade(timesMade + 1);
  });
  return (
    <form
      key={timesMade}
      className={styles.form}
      aria-label={text.createToken}
      onSubmit={submit}
      onChange={draft.onChange}
    >
      {problem.whole !== null && (
        <p className={styles.problem} role="alert">
          {problem.whole}
        </p>
      )}
      <TextField
        label={text.tokenName}
        name="name"
        required
        dir="auto"
        autoComplete="off"
        defaultValue={draft.values.name ?? ""}
        error={problem.fields.name}
      />
      <SelectField
        label={text.scope}
        name="scope"
        options={scopeChoices}
        defaultValue={draft.values.scope ?? "write"}
      />
      <SelectField label={text.expires} name="days" options={endChoices} defaultValue={draft.values.days ?? "90"} />
      {asksPassword && <PasswordAgain error={problem.fields.password} />}
      <Button type="submit" look="primary" disabled={isBusy}>
        {text.createToken}
      </Button>
    </form>
  );
};

/** Takes the focus when it appears: the password is what the token waits for. */
const PasswordAgain = ({ error }: { readonly error: string | undefined }): ReactElement => {
  const email = useUser()?.email;
  const around = useRef<HTMLDivElement>(null);
  useEffect(() => around.current?.querySelector<HTMLInputElement>("input[type=password]")?.focus(), []);
  return (
    <div ref={around} className={styles.whole}>
      {/* Tells a password manager whose password it is. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <TextField
        label={text.currentPassword}
        hint={text.passwordAgain}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={error}
      />
    </div>
  );
};
