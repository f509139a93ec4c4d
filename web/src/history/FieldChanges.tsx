import { ArrowRight } from "lucide-react";
import type { ReactElement } from "react";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import type { Clock } from "../time/due-date.ts";
import styles from "./FieldChanges.module.css";
import { text } from "./messages.ts";
import { fieldChanges, isNothing, type FieldChange } from "./telling.ts";
import { TextDiff } from "./TextDiff.tsx";
import { valueWords } from "./words.ts";

/** Before and after of each field that an entry changed; texts word by word. */
export const FieldChanges = ({
  entry,
  clock,
}: {
  readonly entry: AuditEntry;
  readonly clock: Clock;
}): ReactElement | null => {
  const changes = fieldChanges(entry);
  if (changes.length === 0) return null;
  return (
    <dl className={styles.changes}>
      {changes.map((change) => (
        <div key={change.field} className={styles.change}>
          <dt>{text[`field_${change.field}`]}</dt>
          <dd>
            {isText(change) ? (
              <TextDiff old={textOf(change.old)} now={textOf(change.new)} />
            ) : (
              <Values change={change} clock={clock} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const isText = ({ field }: FieldChange): boolean => field === "title" || field === "description";

/** A value stands by itself here, as a sentence does. Tags stay as they are called. */
const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const Values = ({ change, clock }: { readonly change: FieldChange; readonly clock: Clock }): ReactElement => (
  <>
    {!isNothing(change.old) && (
      <>
        <del className={styles.old}>{capitalised(valueWords(change.field, change.old, clock))}</del>
        <ArrowRight size={12} role="img" aria-label={text.becomes} className={styles.arrow} />
      </>
    )}
    <ins className={styles.new}>{capitalised(valueWords(change.field, change.new, clock))}</ins>
  </>
);
