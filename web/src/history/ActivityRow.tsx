import { ChevronRight, ListFilter } from "lucide-react";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import type { Clock } from "../time/due-date.ts";
import { timeOf } from "../time/due-date.ts";
import { formatInstant } from "../time/due-words.ts";
import { addressWith } from "../ui/address.ts";
import { IconButton } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { locale } from "../ui/messages.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import styles from "./ActivityList.module.css";
import { HappeningIcon } from "./HappeningIcon.tsx";
import { sentences, text } from "./messages.ts";
import { happeningOf } from "./telling.ts";
import { actorWords, changeWords, moveWords } from "./words.ts";

interface RowProps {
  readonly clock: Clock;
  readonly userId: string;
}

interface EntryRowProps extends RowProps {
  readonly entry: AuditEntry;
  /** One of those that one request changed, unfolded below it. */
  readonly isOfMany: boolean;
  readonly onOnlyTask: (taskId: string) => void;
}

/** One change of one task, in a sentence, and what it changed below. */
export const EntryRow = ({ entry, isOfMany, clock, userId, onOnlyTask }: EntryRowProps): ReactElement => {
  const happening = happeningOf(entry);
  const sentence = happening === "moved" ? text.follows(moveWords(entry)) : sentences[happening];
  const [before = "", after = ""] = sentence.split("{task}");
  const changes = changeWords(entry, clock);
  return (
    <div className={classNames(styles.row, isOfMany && styles.ofMany)}>
      <HappeningIcon happening={happening} />
      <div className={styles.words}>
        <p>
          <strong>{actorWords(entry.actor, userId)}</strong> {before}
          <Link href={addressWith("task", entry.task_id)} className={styles.task} dir="auto" data-row>
            {entry.task_title}
          </Link>
          {after}
        </p>
        {changes !== "" && <p className={styles.changes}>{changes}</p>}
      </div>
      <span className={styles.only}>
        <IconButton
          small
          label={text.onlyThisTask(entry.task_title)}
          hint={text.onlyThisTaskHint}
          onClick={() => onOnlyTask(entry.task_id)}
        >
          <ListFilter size={15} aria-hidden />
        </IconButton>
      </span>
      <At instant={entry.timestamp} clock={clock} />
    </div>
  );
};

interface ManyRowProps extends RowProps {
  readonly entries: readonly AuditEntry[];
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** What one request did to many tasks, in one line that unfolds. */
export const ManyRow = ({ entries, isOpen, clock, userId, onToggle }: ManyRowProps): ReactElement | null => {
  const [first] = entries;
  if (first === undefined) return null;
  const happening = happeningOf(first);
  return (
    <div className={styles.row}>
      <HappeningIcon happening={happening} />
      <div className={styles.words}>
        <p>
          <strong>{actorWords(first.actor, userId)}</strong>{" "}
          {happening === "moved"
            ? moveWords(first)
            : sentences[happening].replace("{task}", text.tasks(entries.length))}
        </p>
        {happening === "moved" && <p className={styles.changes}>{text.follow(entries.length)}</p>}
        <button type="button" className={styles.unfold} aria-expanded={isOpen} onClick={onToggle} data-row>
          <ChevronRight size={14} aria-hidden />
          {isOpen ? text.foldMany : text.unfoldMany}
          <span className="visually-hidden"> {formatInstant(first.timestamp, clock.zone, locale)}</span>
        </button>
      </div>
      <At instant={first.timestamp} clock={clock} />
    </div>
  );
};

const At = ({ instant, clock }: { readonly instant: string; readonly clock: Clock }): ReactElement => (
  <Tooltip text={formatInstant(instant, clock.zone, locale)}>
    <time dateTime={instant} className={styles.at}>
      {timeOf(instant, clock.zone)}
    </time>
  </Tooltip>
);
