import { useId, useState, type ReactElement, type Ref } from "react";
import type { Clock } from "../../time/due-date.ts";
import { dueWords } from "../../time/due-words.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { text } from "../messages.ts";
import styles from "./DueWordsField.module.css";
import { useReader } from "./use-reading.ts";

interface DueWordsFieldProps {
  readonly field: Ref<HTMLInputElement>;
  readonly clock: Clock;
  readonly onPick: (due: string) => void;
}

/** A due date in words, with what they come to. Enter takes it. */
export const DueWordsField = ({ field, clock, onPick }: DueWordsFieldProps): ReactElement => {
  const previewId = useId();
  const [words, setWords] = useState("");
  const reader = useReader(clock);
  const reading = reader.readDue(words);
  const due = reading !== null && "due_date" in reading ? reading.due_date : null;
  const preview = words.trim() === "" ? "" : previewOf(reading, clock);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (due !== null) onPick(due);
      }}
    >
      <input
        ref={field}
        value={words}
        aria-label={text.dueInWords}
        aria-describedby={previewId}
        placeholder={text.dueInWordsHint}
        autoComplete="off"
        enterKeyHint="done"
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <p id={previewId} className={styles.preview} role="status">
        {preview}
      </p>
    </form>
  );
};

const previewOf = (reading: ReturnType<ReturnType<typeof useReader>["readDue"]>, clock: Clock): string => {
  if (reading === null) return text.noDateYet;
  if ("reason" in reading) return reading.reason;
  return dueWords(reading.due_date, clock, dueVocabulary).text;
};
