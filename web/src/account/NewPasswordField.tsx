import type { ReactElement } from "react";
import { TextField } from "../ui/Field.tsx";
import { text } from "./messages.ts";

interface NewPasswordFieldProps {
  readonly label: string;
  readonly name: string;
  readonly error: string | undefined;
}

/** Where a password is chosen; browsers offer to make one up. */
export const NewPasswordField = ({ label, name, error }: NewPasswordFieldProps): ReactElement => (
  <TextField
    label={label}
    name={name}
    type="password"
    autoComplete="new-password"
    minLength={8}
    required
    hint={text.passwordHint}
    error={error}
  />
);
