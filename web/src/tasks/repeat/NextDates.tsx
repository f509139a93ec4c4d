import type { ReactElement } from "react";
import { classNames } from "../../ui/class-names.ts";
import type { Clock } from "../../time/due-date.ts";
import { text } from "./messages.ts";
import styles from "./NextDates.module.css";
import type { Preview } from "./use-preview.ts";
import { capitalised, occurrenceWords } from "./words.ts";

interface NextDatesProps {
  readonly preview: Preview;
  readonly isStale: boolean;
  readonly clock: Clock;
  readonly isByCompletion: boolean;
}

/** The sentence of a rule and its next dates, or why they are not there. */
export const NextDates = ({ preview, isStale, clock, isByCompletion }: NextDatesProps): ReactElement => (
  <div className={classNames(styles.box, isStale && styles.stale)} aria-live="polite" aria-busy={isStale}>
    <Content preview={preview} clock={clock} isByCompletion={isByCompletion} />
  </div>
);

const Content = ({ preview, clock, isByCompletion }: Omit<NextDatesProps, "isStale">): ReactElement | null => {
  if (preview.kind === "waiting") return null;
  if (preview.kind === "unreachable") return <p className={styles.note}>{text.offline}</p>;
  if (preview.kind === "refused") {
    return (
      <p className={styles.refused} role="alert">
        {capitalised(preview.message)}
      </p>
    );
  }
  const { text: sentence, occurrences, warnings } = preview.preview;
  const [first] = occurrences;
  return (
    <>
      <p className={styles.sentence}>{capitalised(sentence)}</p>
      {first === undefined ? (
        <p className={styles.refused}>{text.noDates}</p>
      ) : (
        <>
          <p className={styles.heading}>{isByCompletion ? text.ifOnTime : text.nextDates}</p>
          <ol className={styles.dates} aria-label={text.nextDates}>
            {occurrences.map(({ occurrence_date }) => (
              <li key={occurrence_date}>{occurrenceWords(occurrence_date, clock)}</li>
            ))}
          </ol>
        </>
      )}
      {first !== undefined && warnings.includes("due_date_not_on_rule") && (
        <p className={styles.note}>{text.startsAt(occurrenceWords(first.occurrence_date, clock))}</p>
      )}
      {warnings.includes("time_parts_ignored") && <p className={styles.note}>{text.timeIgnored}</p>}
    </>
  );
};
