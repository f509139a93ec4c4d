import { useState, type FormEvent, type ReactElement } from "react";
import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { text } from "./messages.ts";
import { scopeChoices } from "./scope-choices.ts";
import styles from "./ScopeDialog.module.css";
import { answerQuestion, isDropping, leaveQuestion, type ScopeQuestion } from "./scope-question.ts";
import type { Repeating } from "./scoped.ts";
import { useNextDates } from "./use-next-dates.ts";
import { ruleWords } from "./words.ts";

/** Which dates of tasks that repeat a change is for, or which are deleted and what comes back. */
export const ScopeDialog = ({ question }: { readonly question: ScopeQuestion }): ReactElement | null => {
  const [first] = question.repeating;
  return first === undefined ? null : <Question question={question} first={first} />;
};

interface QuestionProps {
  readonly question: ScopeQuestion;
  readonly first: Repeating;
}

const Question = ({ question, first }: QuestionProps): ReactElement => {
  const { deed, preset, repeating } = question;
  const isOne = repeating.length === 1;
  const [scope, setScope] = useState<SeriesScope>(preset);
  const [next] = useNextDates(first.series, first.occurrence.occurrence_date ?? "").dates;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    answerQuestion(question, scope);
  };
  return (
    <Dialog title={text[`ask_${deed}`]} onClose={() => leaveQuestion(question)}>
      <form className={styles.form} onSubmit={submit}>
        <WhatRepeats question={question} />
        <fieldset className={styles.choices}>
          <legend className="visually-hidden">{text.applies}</legend>
          {scopeChoices(isOne).map(({ value, label }) => (
            <label key={value} className={styles.choice}>
              <input
                type="radio"
                name="scope"
                value={value}
                checked={scope === value}
                onChange={() => setScope(value)}
              />
              <span>{label}</span>
              {deed === "delete" && <small>{consequence(value, isOne ? next : undefined)}</small>}
            </label>
          ))}
        </fieldset>
        {!isDropping(question) && <p className={styles.note}>{isOne ? text.withoutAnswer : text.withoutAnswers}</p>}
        <div className={styles.buttons}>
          <Button look="quiet" onClick={() => leaveQuestion(question)}>
            {isDropping(question) ? text.cancel : isOne ? text.onlyThis : text.onlyThese}
          </Button>
          <Button look={deed === "delete" ? "danger" : "primary"} type="submit">
            {submitLabels[deed]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

const submitLabels: Readonly<Record<ScopeQuestion["deed"], string>> = {
  title: text.save,
  description: text.save,
  priority: text.save,
  due: text.move,
  delete: text.delete,
};

/** Of more tasks the question would be longer than a phone is high. */
const MOST_NAMED = 4;

const WhatRepeats = ({ question: { repeating, count } }: Pick<QuestionProps, "question">): ReactElement => {
  const sentences = repeating.map(({ occurrence, series }) => text.itRepeats(occurrence.title, ruleWords(series)));
  if (count === 1) return <p className={styles.what}>{sentences}</p>;
  return (
    <div className={styles.what}>
      <p>{text.someRepeat(repeating.length, count)}</p>
      <ul className={styles.named}>
        {sentences.slice(0, MOST_NAMED).map((sentence, index) => (
          <li key={repeating[index]?.occurrence.id}>{sentence}</li>
        ))}
        {sentences.length > MOST_NAMED && <li>{text.andMore(sentences.length - MOST_NAMED)}</li>}
      </ul>
    </div>
  );
};

const consequence = (scope: SeriesScope, next: string | undefined): string => {
  if (scope !== "this") return scope === "all" ? text.deletesAll : text.deletesFollowing;
  return next === undefined ? text.comesBack : text.comesBackOn(next);
};
