import { useState, type FormEvent, type ReactElement } from "react";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { text } from "./messages.ts";
import styles from "./ScopeDialog.module.css";
import { answerQuestion, leaveQuestion, type ScopeQuestion } from "./scope-question.ts";
import { useNextDates } from "./use-next-dates.ts";
import { ruleWords } from "./words.ts";

const scopes = [
  { value: "this", label: text.scopeThis },
  { value: "following", label: text.scopeFollowing },
  { value: "all", label: text.scopeAll },
] as const;

/** Which dates of a task that repeats a change is for, or which are deleted and what comes back. */
export const ScopeDialog = ({ question }: { readonly question: ScopeQuestion }): ReactElement => {
  const { deed, occurrence, series, preset } = question;
  const [scope, setScope] = useState<SeriesScope>(preset);
  const [next] = useNextDates(series, occurrence.occurrence_date ?? "").dates;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    answerQuestion(question, scope);
  };
  return (
    <Dialog title={text[`ask_${deed}`]} onClose={() => leaveQuestion(question)}>
      <form className={styles.form} onSubmit={submit}>
        <p>{text.itRepeats(occurrence.title, ruleWords(series))}</p>
        <fieldset className={styles.choices}>
          <legend className="visually-hidden">{text.applies}</legend>
          {scopes.map(({ value, label }) => (
            <label key={value} className={styles.choice}>
              <input
                type="radio"
                name="scope"
                value={value}
                checked={scope === value}
                onChange={() => setScope(value)}
              />
              <span>{label}</span>
              {deed === "delete" && <small>{consequence(value, next)}</small>}
            </label>
          ))}
        </fieldset>
        {deed !== "delete" && <p className={styles.note}>{text.withoutAnswer}</p>}
        <div className={styles.buttons}>
          <Button look="quiet" onClick={() => leaveQuestion(question)}>
            {deed === "delete" ? text.cancel : text.onlyThis}
          </Button>
          <Button look={deed === "delete" ? "danger" : "primary"} type="submit">
            {deed === "delete" ? text.delete : text.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

const consequence = (scope: SeriesScope, next: string | undefined): string => {
  if (scope !== "this") return scope === "all" ? text.deletesAll : text.deletesFollowing;
  return next === undefined ? text.comesBack : text.comesBackOn(next);
};
