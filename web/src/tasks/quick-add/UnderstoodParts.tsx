import { Bell, CalendarDays, Clock3, Flag, Repeat, X, type LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import type { UnderstoodPart } from "../../../../src/domain/quick-add/quick-add.ts";
import { useUser } from "../../api/session.ts";
import type { Clock } from "../../time/due-date.ts";
import { text } from "../messages.ts";
import type { Reading } from "./parser.ts";
import { partWords } from "./part-words.ts";
import styles from "./UnderstoodParts.module.css";

const icons: Readonly<Record<UnderstoodPart["kind"], LucideIcon>> = {
  date: CalendarDays,
  time: Clock3,
  repeat: Repeat,
  reminder: Bell,
  priority: Flag,
};

interface UnderstoodPartsProps {
  readonly reading: Reading | null;
  readonly clock: Clock;
  readonly onKeepAsText: (part: UnderstoodPart) => void;
}

/** What a line was understood to ask for, part by part; each can be made plain text again. */
export const UnderstoodParts = ({ reading, clock, onKeepAsText }: UnderstoodPartsProps): ReactElement | null => {
  const allDayHour = useUser()?.all_day_hour ?? 9;
  if (reading === null || (reading.understood.length === 0 && reading.refused.length === 0)) return null;
  return (
    <div className={styles.parts}>
      {reading.understood.length > 0 && (
        <ul className={styles.chips} aria-label={text.understood}>
          {reading.understood.map((part) => {
            const Icon = icons[part.kind];
            return (
              <li key={part.start} className={styles.chip}>
                <Icon size={14} aria-hidden />
                <span>{partWords(part, reading, { clock, allDayHour })}</span>
                <button type="button" aria-label={text.keepAsText(part.text)} onClick={() => onKeepAsText(part)}>
                  <X size={14} aria-hidden />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {reading.refused.map(({ start, text: part, reason }) => (
        <p key={start} className={styles.refused}>
          {text.staysText(part, reason)}
        </p>
      ))}
    </div>
  );
};
