import { useState, type FormEvent, type ReactElement } from "react";
import { closeAccount } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/Field.tsx";
import { textIn } from "./form-values.ts";
import { text } from "./messages.ts";
import { formProblem, noProblem } from "./problem-text.ts";
import styles from "./Settings.module.css";

/** The one thing in TaskFlow that cannot be undone: it asks for the password. */
export const CloseAccount = (): ReactElement => {
  const [isAsking, setAsking] = useState(false);
  return (
    <section className={styles.section} aria-labelledby="close-account">
      <h2 id="close-account">{text.closeAccount}</h2>
      <p className={styles.lead}>{text.closeAccountText}</p>
      <Button look="danger" className={styles.start} onClick={() => setAsking(true)}>
        {text.closeAccount}
      </Button>
      {isAsking && <CloseAccountDialog onCancel={() => setAsking(false)} />}
    </section>
  );
};

const CloseAccountDialog = ({ onCancel }: { readonly onCancel: () => void }): ReactElement => {
  const [problem, setProblem] = useState(noProblem);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    closeAccount(textIn(new FormData(event.currentTarget), "password")).catch((error: unknown) => setProblem(formProblem(error)));
  };
  return (
    <Dialog title={text.closeAccount} onClose={onCancel}>
      <form className={styles.stack} onSubmit={submit}>
        <p>{text.closeAccountAsk}</p>
        <TextField
          label={text.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          error={problem.fields.password ?? problem.whole ?? undefined}
        />
        <div className={styles.buttons}>
          <Button onClick={onCancel}>{text.cancel}</Button>
          <Button type="submit" look="danger">
            {text.closeForGood}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
