import type { ReactElement } from "react";
import { register } from "../api/session.ts";
import { SelectField, TextField } from "../ui/Field.tsx";
import { textIn } from "./form-values.ts";
import { text } from "./messages.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";
import { SignInForm } from "./SignInForm.tsx";
import { browserZone, zoneOptions } from "./time-zones.ts";

interface RegisterScreenProps {
  /** The account has just been made: the first visit begins. */
  readonly onRegistered: () => void;
}

export const RegisterScreen = ({ onRegistered }: RegisterScreenProps): ReactElement => {
  const submit = async (values: FormData): Promise<void> => {
    const name = textIn(values, "name").trim();
    await register({
      email: textIn(values, "email").trim(),
      password: textIn(values, "password"),
      time_zone: textIn(values, "time_zone"),
      ...(name === "" ? {} : { name }),
    });
    onRegistered();
  };
  return (
    <SignInForm
      title={text.start}
      lead={text.startText}
      submitLabel={text.register}
      other={{ question: text.haveAccount, label: text.signIn, href: "/login" }}
      onSubmit={submit}
    >
      {({ fields }) => (
        <>
          <TextField label={text.name} name="name" autoComplete="name" dir="auto" error={fields.name} />
          <TextField
            label={text.email}
            name="email"
            type="email"
            autoComplete="username"
            required
            error={fields.email}
          />
          <NewPasswordField label={text.password} name="password" error={fields.password} />
          <SelectField
            label={text.timeZone}
            name="time_zone"
            defaultValue={browserZone()}
            options={zoneOptions(browserZone())}
            hint={text.timeZoneHint}
            error={fields.time_zone}
          />
        </>
      )}
    </SignInForm>
  );
};
