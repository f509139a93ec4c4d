import { useEffect, useId, useRef, type KeyboardEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { renameTask } from "./actions.ts";
import { focusRow } from "./list-focus.ts";
import { stopEditing, useList } from "./list-state.ts";
import { text } from "./messages.ts";
import { MAX_TITLE_LENGTH } from "./pasted-lines.ts";
import styles from "./TitleEditor.module.css";
import { useTextDraft } from "./use-text-draft.ts";

export const rowTitleField = (taskId: string): string => `row-title.${taskId}`;

interface TitleEditorProps {
  readonly task: Task;
  readonly className: string | undefined;
}

/** A title being edited in its row. Enter and leaving save, Escape does not. A draft alone does not take the focus. */
export const TitleEditor = ({ task, className }: TitleEditorProps): ReactElement => {
  const field = useRef<HTMLInputElement>(null);
  const problemId = useId();
  const isAskedFor = useList((state) => state.editing === task.id);
  const draft = useTextDraft({
    field: rowTitleField(task.id),
    saved: task.title,
    max: MAX_TITLE_LENGTH,
    save: (title, typed) => renameTask(task, title, typed),
  });
  useEffect(() => {
    if (!isAskedFor) return;
    field.current?.focus();
    field.current?.select();
  }, [isAskedFor]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Escape") draft.giveUp();
    else if (!draft.finish()) return;
    stopEditing();
    focusRow(task.id);
  };
  return (
    <>
      <input
        ref={field}
        className={className}
        dir="auto"
        defaultValue={draft.pending ?? task.title}
        aria-label={text.titleOf}
        aria-invalid={draft.excess > 0 ? true : undefined}
        aria-describedby={problemId}
        onKeyDown={onKeyDown}
        onChange={(event) => draft.change(event.currentTarget.value)}
        onBlur={() => draft.finish() && stopEditing()}
      />
      <span id={problemId} className={styles.problem} role="alert">
        {draft.excess > 0 && text.tooLong(draft.excess, MAX_TITLE_LENGTH)}
      </span>
    </>
  );
};
