import { useEffect, useState, type ReactElement } from "react";
import { navigate } from "wouter/use-browser-location";
import { countWaiting } from "../api/database.ts";
import { login, useSession, type EndedSession } from "../api/session.ts";
import { TextField } from "../ui/Field.tsx";
import { text } from "./messages.ts";
import { SignInForm } from "./SignInForm.tsx";
import { textIn } from "./form-values.ts";

export const LoginScreen = (): ReactElement => {
  const ended = useSession((state) => state.ended);
  const waiting = useWaiting(ended);
  const submit = async (values: FormData): Promise<void> => {
    await login({ email: textIn(values, "email").trim(), password: textIn(values, "password") });
    // The address is the screen of the one whose session ended: it is nothing to anybody else.
    if (ended !== null && useSession.getState().session?.user.id !== ended.id) navigate("/today", { replace: true });
  };
  return (
    <SignInForm
      title={ended === null ? text.welcome : text.sessionEnded}
      lead={ended === null ? text.welcomeText : text.sessionEndedText(waiting)}
      submitLabel={text.signIn}
      other={{ question: text.newHere, label: text.register, href: "/register" }}
      onSubmit={submit}
    >
      {({ fields }) => (
        <>
          <TextField
            label={text.email}
            name="email"
            type="email"
            autoComplete="username"
            required
            defaultValue={ended?.email ?? ""}
            error={fields.email}
          />
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
};

/** How many changes wait for the one whose session ended; 0 until it is known. */
const useWaiting = (ended: EndedSession | null): number => {
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (ended !== null) void countWaiting(ended.id).then(setWaiting, () => undefined);
  }, [ended]);
  return waiting;
};
