import { useState, type ReactElement } from "react";
import { closeAccount } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/Field.tsx";
import { SettingsSection } from "../ui/SettingsPage.tsx";
import { textIn } from "./form-values.ts";
import { text } from "./messages.ts";
import styles from "./Settings.module.css";
import { useForm } from "./use-form.ts";

/** The one thing in TaskFlow that cannot be undone: it asks for the password. */
export const CloseAccount = (): ReactElement => {
  const [isAsking, setAsking] = useState(false);
  return (
    <SettingsSection id="close-account" title={text.closeAccount} lead={text.closeAccountText}>
      <Button look="danger" className={styles.start} onClick={() => setAsking(true)}>
        {text.closeAccount}
      </Button>
      {isAsking && <CloseAccountDialog onCancel={() => setAsking(false)} />}
    </SettingsSection>
  );
};

const CloseAccountDialog = ({ onCancel }: { readonly onCancel: () => void }): ReactElement => {
  const { problem, submit } = useForm((values) => closeAccount(textIn(values, "password")));
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
