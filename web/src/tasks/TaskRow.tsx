import { CalendarPlus, Flag, Pencil, Trash2, Undo2 } from "lucide-react";
import { memo, useState, type CSSProperties, type MouseEvent, type ReactElement } from "react";
import { Link } from "wouter";
import type { Task } from "../../../src/contract/task.ts";
import { refusedOperation } from "../api/replica.ts";
import { useTasks } from "../api/tasks-store.ts";
import { IconButton } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { RowMarks } from "../ui/RowMarks.tsx";
import { deleteTasks, restoreTask } from "./actions.ts";
import { Checkbox } from "./Checkbox.tsx";
import type { CivilDay, Clock } from "../time/due-date.ts";
import { DueChip } from "./DueChip.tsx";
import { rowId } from "./list-focus.ts";
import { openPicker, startEditing, useList } from "./list-state.ts";
import { readTitle, titleParts } from "./markdown/addresses.ts";
import { text } from "./messages.ts";
import { Refusal } from "./Refusal.tsx";
import { ReminderMark } from "./reminders/ReminderMark.tsx";
import { RepeatMark } from "./RepeatMark.tsx";
import styles from "./TaskRow.module.css";
import { rowTitleField, TitleEditor } from "./TitleEditor.tsx";
import { TitleWords } from "./TitleLinks.tsx";
import { useHasDraft } from "./use-text-draft.ts";

interface TaskRowProps {
  readonly task: Task;
  readonly clock: Clock;
  /** Its place in the whole list, from 1: rows out of sight are not on the page. */
  readonly position: number;
  readonly count: number;
  readonly impliedDay: CivilDay | null;
  /** Pixels from the top of the list. */
  readonly top: number;
  /** Where the task opens. */
  readonly href: string;
  readonly isOpened: boolean;
}

/** One task in one line. One that cannot be shown leaves the others alone. */
export const TaskRow = memo((props: TaskRowProps): ReactElement => (
  <ErrorBoundary of={props.task} renderFailure={() => <FailedRow {...props} />}>
    <Row {...props} />
  </ErrorBoundary>
));

/** What is left of such a row: its title, and the way to its text. */
const FailedRow = ({ task, position, count, top, href }: TaskRowProps): ReactElement => (
  <li
    className={styles.row}
    style={{ transform: `translateY(${top}px)` }}
    aria-posinset={position}
    aria-setsize={count}
  >
    <div className={styles.line}>
      <Link id={rowId(task.id)} href={href} className={styles.title} dir="auto">
        {task.title}
      </Link>
      <span className={styles.failed}>{text.rowFailed}</span>
    </div>
  </li>
);

const Row = ({ task, clock, position, count, impliedDay, top, href, isOpened }: TaskRowProps): ReactElement => {
  const isSelected = useList((state) => state.selected.has(task.id));
  const hasDraft = useHasDraft(rowTitleField(task.id), task.title);
  const refused = useTasks((state) => refusedOperation(state.replica, task.id));
  const [isNear, setNear] = useState(false);
  const isTrashed = task.deleted_at !== null;
  const isEditing = useList((state) => state.editing === task.id) || (hasDraft && !isTrashed);
  const style: CSSProperties = { transform: `translateY(${top}px)` };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- listens to what is within, does nothing by itself
    <li
      className={classNames(
        styles.row,
        isSelected && styles.selected,
        isOpened && styles.opened,
        task.completed && styles.completed,
      )}
      style={style}
      aria-posinset={position}
      aria-setsize={count}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
      onFocus={() => setNear(true)}
      onBlur={(event) => setNear(event.currentTarget.contains(event.relatedTarget))}
    >
      <div className={styles.line}>
        {isTrashed ? <RestoreButton task={task} /> : <Checkbox task={task} />}
        {isEditing ? (
          <TitleEditor task={task} className={styles.editor} />
        ) : (
          <Title task={task} href={href} isSelected={isSelected} />
        )}
        <div className={styles.tail}>
          {isNear && !isTrashed && !isEditing && (
            <RowActions task={task} needsDue={task.due_date === null || task.due_date === impliedDay} />
          )}
          <RepeatMark task={task} className={styles.mark} />
          {!isTrashed && <ReminderMark task={task} clock={clock} className={styles.mark} />}
          <RowMarks
            hasDescription={task.description !== null}
            priority={task.priority}
            isDone={task.completed}
            className={styles.mark}
          />
          {task.due_date !== null && (
            <DueChip
              due={task.due_date}
              clock={clock}
              impliedDay={impliedDay}
              isDone={task.completed || isTrashed}
              {...(isTrashed ? {} : { onClick: pick("due", task) })}
            />
          )}
        </div>
      </div>
      {refused !== undefined && <Refusal operation={refused} place="row" className={styles.refusal} />}
    </li>
  );
};

const pick =
  (kind: "due" | "priority", task: Task) =>
  (event: MouseEvent<HTMLButtonElement>): void =>
    openPicker({ kind, ids: [task.id], anchor: event.currentTarget });

interface TitleProps {
  readonly task: Task;
  readonly href: string;
  readonly isSelected: boolean;
}

const Title = ({ task, href, isSelected }: TitleProps): ReactElement => {
  const parts = titleParts(task.title);
  const opener = { id: rowId(task.id), href, draggable: false };
  const selected = isSelected && <span className="visually-hidden">{text.select("")}</span>;
  if (parts.every(({ href }) => href === null)) {
    return (
      <Link {...opener} className={styles.title} dir="auto">
        {selected}
        {task.title}
      </Link>
    );
  }
  // A link within a link would be none: the one that opens the task has the words, the others lie over it.
  return (
    <span className={styles.linked} dir="auto">
      <Link {...opener} className={styles.opener}>
        {selected}
        <span className="visually-hidden">{readTitle(task.title)}</span>
      </Link>
      <TitleWords parts={parts} />
    </span>
  );
};

const RestoreButton = ({ task }: { readonly task: Task }): ReactElement => (
  <IconButton
    label={text.restore(task.title)}
    hint={text.restoreShort}
    small
    onClick={() => restoreTask(task)}
    className={styles.restore}
  >
    <Undo2 size={16} aria-hidden />
  </IconButton>
);

/** Made only for the row one is at: a list of hundreds stays light. */
const RowActions = ({ task, needsDue }: { readonly task: Task; readonly needsDue: boolean }): ReactElement => (
  <div className={styles.actions}>
    <IconButton
      small
      label={text.rename(task.title)}
      hint={text.renameShort}
      shortcut="F2"
      onClick={() => startEditing(task.id)}
    >
      <Pencil size={15} aria-hidden />
    </IconButton>
    {needsDue && (
      <IconButton
        small
        label={text.setDueOf(task.title)}
        hint={text.dueDate}
        shortcut="d"
        aria-haspopup="dialog"
        onClick={pick("due", task)}
      >
        <CalendarPlus size={15} aria-hidden />
      </IconButton>
    )}
    <IconButton
      small
      label={text.setPriorityOf(task.title)}
      hint={text.priority}
      shortcut="p"
      aria-haspopup="menu"
      onClick={pick("priority", task)}
    >
      <Flag size={15} aria-hidden />
    </IconButton>
    <IconButton
      small
      label={text.remove(task.title)}
      hint={text.deleteShort}
      shortcut="Delete"
      onClick={() => deleteTasks([task])}
    >
      <Trash2 size={15} aria-hidden />
    </IconButton>
  </div>
);
