import { CalendarDays } from "lucide-react";
import type { MouseEvent, ReactElement } from "react";
import styles from "./DueChip.module.css";
import { classNames } from "../ui/class-names.ts";
import type { CivilDay, Clock } from "../time/due-date.ts";
import { dueWords } from "../time/due-words.ts";
import { dueVocabulary } from "../time/messages.ts";
import { text } from "./messages.ts";

interface DueChipProps {
  readonly due: string;
  readonly clock: Clock;
  /** The day that the heading above names already. */
  readonly impliedDay?: CivilDay | null;
  /** Overdue is said in words too: colour alone tells nothing to some. */
  readonly isDone?: boolean;
  readonly onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
}

/** When a task is due, in words. A button where it can be changed. */
export const DueChip = ({
  due,
  clock,
  impliedDay = null,
  isDone = false,
  onClick,
}: DueChipProps): ReactElement | null => {
  const { text: words, tone } = dueWords(due, clock, dueVocabulary, impliedDay);
  if (words === "") return null;
  const isLate = tone === "overdue" && !isDone;
  const className = classNames(styles.chip, isLate && styles.overdue, tone === "today" && !isDone && styles.today);
  const content = (
    <>
      <CalendarDays size={14} aria-hidden />
      <span className="visually-hidden">{isLate ? text.overdue : text.due} </span>
      {words}
    </>
  );
  if (onClick === undefined) return <span className={className}>{content}</span>;
  return (
    <button type="button" className={className} onClick={onClick} aria-haspopup="dialog">
      {content}
    </button>
  );
};
