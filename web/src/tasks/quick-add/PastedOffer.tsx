import type { ReactElement } from "react";
import { useUser } from "../../api/session.ts";
import type { Clock } from "../../time/due-date.ts";
import { Button } from "../../ui/Button.tsx";
import { text } from "../messages.ts";
import { excessOf, MAX_TITLE_LENGTH } from "../pasted-lines.ts";
import styles from "../QuickAdd.module.css";
import { partWords } from "./part-words.ts";
import type { Reader } from "./use-reading.ts";

interface PastedOfferProps {
  readonly lines: readonly string[];
  readonly reader: Reader;
  readonly clock: Clock;
  readonly onMany: () => void;
  readonly onOne: () => void;
  readonly onCancel: () => void;
}

const MAX_SHOWN = 5;

/** Asks what pasted lines are, and shows what was understood of the first of them. */
export const PastedOffer = ({ lines, reader, clock, onMany, onOne, onCancel }: PastedOfferProps): ReactElement => {
  const tooLong = lines.filter((line) => excessOf(line) > 0).length;
  return (
    <div className={styles.offer} role="status">
      <p>
        {text.pasted(lines.length)}
        {tooLong > 0 && <small>{text.longLines(tooLong, MAX_TITLE_LENGTH)}</small>}
      </p>
      <Button look="primary" onClick={onMany}>
        {text.addMany(lines.length)}
      </Button>
      <Button onClick={onOne}>{text.addAsOne}</Button>
      <Button look="quiet" onClick={onCancel}>
        {text.cancel}
      </Button>
      <ul className={styles.lines}>
        {lines.slice(0, MAX_SHOWN).map((line, index) => (
          // Two lines may be the same.
          <Line key={`${index} ${line}`} line={line} reader={reader} clock={clock} />
        ))}
        {lines.length > MAX_SHOWN && <li>{text.andMoreLines(lines.length - MAX_SHOWN)}</li>}
      </ul>
    </div>
  );
};

const Line = ({
  line,
  reader,
  clock,
}: Pick<PastedOfferProps, "reader" | "clock"> & { readonly line: string }): ReactElement => {
  const allDayHour = useUser()?.all_day_hour ?? 9;
  const reading = reader.read(line);
  const words = reading?.understood.map((part) => partWords(part, reading, { clock, allDayHour })) ?? [];
  return (
    <li>
      {reading?.task.title ?? line}
      {words.length > 0 && <small>{words.join(" · ")}</small>}
    </li>
  );
};
