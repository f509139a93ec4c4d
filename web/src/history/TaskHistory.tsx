import { useState, type ReactElement } from "react";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import { useTasks } from "../api/tasks-store.ts";
import { useUser } from "../api/session.ts";
import { useClock } from "../time/clock.ts";
import type { Clock } from "../time/due-date.ts";
import { Button } from "../ui/Button.tsx";
import type { Act } from "./act.ts";
import { FieldChanges } from "./FieldChanges.tsx";
import { HappeningIcon } from "./HappeningIcon.tsx";
import { deeds, text } from "./messages.ts";
import { ReadFailure } from "./ReadFailure.tsx";
import { RevertActions } from "./RevertActions.tsx";
import styles from "./TaskHistory.module.css";
import { happeningOf } from "./telling.ts";
import { useTaskHistory } from "./use-task-history.ts";
import { When } from "./When.tsx";
import { actorWords, moveWords } from "./words.ts";

interface TaskHistoryProps {
  readonly taskId: string;
  readonly onAct: Act;
}

const shownAtFirst = 50;

/** Who changed the task, what, and when; the latest first. */
export const TaskHistory = ({ taskId, onAct }: TaskHistoryProps): ReactElement | null => {
  const clock = useClock();
  const { entries: all, status, retry } = useTaskHistory(taskId);
  const [hasDetails, setDetails] = useState(false);
  // That a date followed its user to another zone is no change that anybody made to the task.
  const entries = hasDetails ? all : all.filter((entry) => happeningOf(entry) !== "moved");
  const isThere = useTasks((state) => state.replica.view.has(taskId));
  const [shown, setShown] = useState(shownAtFirst);
  if (status === "failed") return <ReadFailure onRetry={retry} />;
  if (status === "loading") return <Skeleton />;
  if (all.length === 0 && !isThere) return null;
  if (all.length === 0) return <p className={styles.empty}>{text.emptyText}</p>;
  return (
    <div className={styles.history}>
      <ol aria-label={text.history}>
        {entries.slice(0, shown).map((entry, index) => (
          <Entry
            key={entry.event_id}
            entry={entry}
            clock={clock}
            isLatest={index === 0}
            hasDetails={hasDetails}
            {...(isThere ? { onAct } : {})}
          />
        ))}
      </ol>
      {shown < entries.length && <Button onClick={() => setShown(shown + shownAtFirst)}>{text.earlier}</Button>}
      <Button look="link" onClick={() => setDetails(!hasDetails)}>
        {hasDetails ? text.noDetails : text.details}
      </Button>
    </div>
  );
};

interface EntryProps {
  readonly entry: AuditEntry;
  readonly clock: Clock;
  readonly isLatest: boolean;
  /** With what only someone who looks into it wants to know. */
  readonly hasDetails: boolean;
  /** Left out where nothing can be done any more. */
  readonly onAct?: Act;
}

const Entry = ({ entry, clock, isLatest, hasDetails, onAct }: EntryProps): ReactElement => {
  const userId = useUser()?.id ?? "";
  const happening = happeningOf(entry);
  return (
    <li className={styles.entry}>
      <HappeningIcon happening={happening} />
      <div className={styles.content}>
        <p className={styles.head}>
          <span>
            <strong>{actorWords(entry.actor, userId)}</strong>{" "}
            {happening === "moved" ? moveWords(entry) : deeds[happening]}
          </span>
          <When instant={entry.timestamp} clock={clock} className={styles.when} />
        </p>
        <FieldChanges entry={entry} clock={clock} />
        {hasDetails && (
          <p className={styles.source}>
            {text.version(entry.task_version)} ·{" "}
            <span title={entry.correlation_id}>{text.request(entry.correlation_id.slice(0, 8))}</span>
          </p>
        )}
        {onAct !== undefined && <RevertActions entry={entry} clock={clock} isLatest={isLatest} onAct={onAct} />}
      </div>
    </li>
  );
};

/** The list's own geometry, until it is known. */
const Skeleton = (): ReactElement => (
  <div role="status" aria-label={text.loading}>
    {["a", "b", "c"].map((key) => (
      <div key={key} className={styles.skeleton} />
    ))}
  </div>
);
