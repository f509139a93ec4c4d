import type { ReactElement } from "react";
import { login } from "../api/session.ts";
import { TextField } from "../ui/Field.tsx";
import { text } from "./messages.ts";
import { SignInForm } from "./SignInForm.tsx";
import { textIn } from "./form-values.ts";

export const LoginScreen = (): ReactElement => (
  <SignInForm
    title={text.welcome}
    lead={text.welcomeText}
    submitLabel={text.signIn}
    other={{ question: text.newHere, label: text.register, href: "/register" }}
    onSubmit={async (values) => login({ email: textIn(values, "email").trim(), password: textIn(values, "password") })}
  >
    {({ fields }) => (
      <>
        <TextField label={text.email} name="email" type="email" autoComplete="username" required error={fields.email} />
        <TextField
          label={text.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={fields.password}
        />
      </>
    )}
  </SignInForm>
);
