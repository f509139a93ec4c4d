import { History, Undo2 } from "lucide-react";
import type { ReactElement } from "react";
import type { AuditEntry } from "../../../src/contract/audit.ts";
import type { TaskRevert } from "../../../src/contract/time-travel.ts";
import { type Operation, withoutOutcome } from "../api/operation.ts";
import { discard } from "../api/sync.ts";
import { useTasks } from "../api/tasks-store.ts";
import type { Clock } from "../time/due-date.ts";
import { formatInstant } from "../time/due-words.ts";
import { Button } from "../ui/Button.tsx";
import { locale } from "../ui/messages.ts";
import { Tooltip } from "../ui/Tooltip.tsx";
import type { Act } from "./act.ts";
import { text } from "./messages.ts";
import styles from "./TaskHistory.module.css";
import { canRevert } from "./telling.ts";

interface RevertActionsProps {
  readonly entry: AuditEntry;
  readonly clock: Clock;
  readonly isLatest: boolean;
  readonly onAct: Act;
}

/** To take one change back, or to go back to what the task was after it. Both are new changes. */
export const RevertActions = ({ entry, clock, isLatest, onAct }: RevertActionsProps): ReactElement | null => {
  const refused = useRefusedRevert(entry);
  if (!canRevert(entry)) return null;
  const revert = (to: TaskRevert): void =>
    onAct({ kind: "revert", id: entry.task_id, to }, text.didRevert(entry.task_title));
  const goBack = (): void =>
    onAct(
      { kind: "revert", id: entry.task_id, to: { as_of: entry.timestamp } },
      text.didGoBack(entry.task_title, formatInstant(entry.timestamp, clock.zone, locale)),
    );
  if (refused !== undefined)
    return <Conflict refused={refused} onForce={() => revert({ event_id: entry.event_id, force: true })} />;
  return (
    <div className={styles.actions}>
      {entry.event_type !== "task.created" && (
        <Tooltip text={text.revertHint}>
          <Button look="link" onClick={() => revert({ event_id: entry.event_id })}>
            <Undo2 size={14} aria-hidden />
            {text.revert}
          </Button>
        </Tooltip>
      )}
      {!isLatest && (
        <Tooltip text={text.backToHereHint}>
          <Button look="link" onClick={goBack}>
            <History size={14} aria-hidden />
            {text.backToHere}
          </Button>
        </Tooltip>
      )}
    </div>
  );
};

/** The server's answer that this change cannot be taken back as it is. */
const useRefusedRevert = ({ event_id, timestamp, task_id }: AuditEntry): Operation | undefined =>
  useTasks(({ replica }) =>
    replica.queue.findLast(
      ({ command, refusal }) =>
        refusal !== undefined &&
        command.kind === "revert" &&
        command.id === task_id &&
        (command.to.event_id === event_id || command.to.as_of === timestamp),
    ),
  );

const Conflict = ({
  refused,
  onForce,
}: {
  readonly refused: Operation;
  readonly onForce: () => void;
}): ReactElement => {
  const isConflict = refused.refusal?.code === "revert_conflict";
  const reason = withoutOutcome(refused.refusal?.message ?? "");
  const force = (): void => {
    discard(refused.id);
    onForce();
  };
  return (
    <div className={styles.conflict} role="alert">
      <p>{isConflict ? text.revertConflict(reason) : reason}</p>
      <div className={styles.actions}>
        {isConflict && (
          <Button look="link" onClick={force}>
            {text.revertAnyway}
          </Button>
        )}
        <Button look="link" onClick={() => discard(refused.id)}>
          {text.dismiss}
        </Button>
      </div>
    </div>
  );
};
