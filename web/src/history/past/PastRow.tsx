import { CalendarDays, GitCompareArrows } from "lucide-react";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { Task } from "../../../../src/contract/task.ts";
import type { Clock } from "../../time/due-date.ts";
import { dueWords, plainDate } from "../../time/due-words.ts";
import { dueVocabulary } from "../../time/messages.ts";
import { addressWith } from "../../ui/address.ts";
import { classNames } from "../../ui/class-names.ts";
import { locale } from "../../ui/messages.ts";
import { RowMarks } from "../../ui/RowMarks.tsx";
import { text } from "../messages.ts";
import styles from "./Past.module.css";
import type { Since } from "./since.ts";

interface PastRowProps {
  readonly task: Task;
  readonly clock: Clock;
  readonly since: readonly Since[];
}

/** A task as it was, and what has become of it. Its link leads to the task of today. */
export const PastRow = ({ task, clock, since }: PastRowProps): ReactElement => (
  <div className={styles.row}>
    <span className={classNames(styles.ring, styles[task.priority])} />
    <div className={styles.words}>
      <Link href={addressWith("task", task.id)} className={styles.title} dir="auto">
        {task.title}
      </Link>
      {since.length > 0 && (
        <p className={styles.since}>
          <GitCompareArrows size={13} aria-hidden />
          {since.map((each) => sinceWords(each, clock)).join(" · ")}
        </p>
      )}
    </div>
    <RowMarks
      hasDescription={task.description !== null}
      priority={task.priority}
      isDone={false}
      className={styles.mark}
    />
    {task.due_date !== null && <Due due={task.due_date} clock={clock} />}
  </div>
);

/** When it was due, in plain dates: "tomorrow" would be read as tomorrow from now. */
const Due = ({ due, clock }: { readonly due: string; readonly clock: Clock }): ReactElement => {
  const isLate = dueWords(due, clock, dueVocabulary).tone === "overdue";
  return (
    <span className={classNames(styles.due, isLate && styles.late)}>
      <CalendarDays size={14} aria-hidden />
      <span className="visually-hidden">{isLate ? text.overdue : text.due} </span>
      {plainDate(due, clock, locale)}
    </span>
  );
};

const sinceWords = (since: Since, clock: Clock): string => {
  switch (since.kind) {
    case "title":
      return text.since_title(since.title);
    case "due":
      return text.since_due(plainDate(since.due, clock, locale));
    case "priority":
      return text.since_priority(text[since.priority]);
    default:
      return text[`since_${since.kind}`];
  }
};
