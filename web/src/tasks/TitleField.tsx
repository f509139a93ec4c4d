import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { renameTask } from "./actions.ts";
import styles from "./DetailPanel.module.css";
import { DraftNote } from "./DraftNote.tsx";
import { focusPanel } from "./list-focus.ts";
import { text } from "./messages.ts";
import { MAX_TITLE_LENGTH } from "./pasted-lines.ts";
import { useTextDraft } from "./use-text-draft.ts";

export const panelTitleField = (taskId: string): string => `panel-title.${taskId}`;

/** The title, wrapped over as many lines as it needs. What is typed is never overwritten by news from elsewhere. */
export const TitleField = ({ task }: { readonly task: Task }): ReactElement => {
  const field = useRef<HTMLTextAreaElement>(null);
  const noteId = useId();
  const [hasFocus, setFocus] = useState(false);
  const draft = useTextDraft({
    field: panelTitleField(task.id),
    saved: task.title,
    max: MAX_TITLE_LENGTH,
    save: (title, typed) => renameTask(task, inOneLine(title), typed),
  });
  const shown = draft.pending ?? task.title;
  useEffect(() => {
    const input = field.current;
    if (input !== null && !hasFocus) input.value = shown;
  }, [shown, hasFocus]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") draft.giveUp();
    focusPanel();
  };
  return (
    <div className={styles.titleField}>
      <textarea
        ref={field}
        className={styles.title}
        dir="auto"
        rows={1}
        defaultValue={shown}
        aria-label={text.titleOf}
        aria-invalid={draft.excess > 0 ? true : undefined}
        aria-describedby={noteId}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          setFocus(true);
          draft.begin(event.currentTarget.value);
        }}
        onChange={(event) => draft.change(event.currentTarget.value)}
        onBlur={() => {
          draft.finish();
          setFocus(false);
        }}
      />
      <DraftNote
        id={noteId}
        problem={draft.excess > 0 ? text.tooLong(draft.excess, MAX_TITLE_LENGTH) : null}
        isRestored={draft.pending !== null && !hasFocus}
        onSave={draft.finish}
        onDiscard={draft.giveUp}
      />
    </div>
  );
};

const inOneLine = (title: string): string => title.replaceAll(/\s*\n\s*/g, " ");
