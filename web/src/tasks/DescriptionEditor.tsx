import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { describeTask } from "./actions.ts";
import styles from "./DetailPanel.module.css";
import { DraftNote } from "./DraftNote.tsx";
import { focusPanel } from "./list-focus.ts";
import { text } from "./messages.ts";
import { useTextDraft } from "./use-text-draft.ts";

export const MAX_DESCRIPTION_LENGTH = 5000;

export const descriptionField = (taskId: string): string => `description.${taskId}`;

interface DescriptionEditorProps {
  readonly task: Task;
  readonly onDone: () => void;
}

/** The description as text. Leaving saves; one that was left unsaved is there again, with a word about it. */
export const DescriptionEditor = ({ task, onDone }: DescriptionEditorProps): ReactElement => {
  const field = useRef<HTMLTextAreaElement>(null);
  const noteId = useId();
  const draft = useTextDraft({
    field: descriptionField(task.id),
    saved: task.description ?? "",
    max: MAX_DESCRIPTION_LENGTH,
    save: (description, typed) => describeTask(task, description, typed),
  });
  const [isRestored] = useState(draft.pending !== null);
  useEffect(() => {
    if (!isRestored) field.current?.focus();
  }, [isRestored]);
  const finish = (): void => {
    if (draft.finish()) onDone();
  };
  const discard = (): void => {
    draft.giveUp();
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const isDone = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
    focusPanel();
  };
  return (
    <div>
      <textarea
        ref={field}
        className={styles.editor}
        dir="auto"
        defaultValue={draft.pending ?? task.description ?? ""}
        aria-label={text.description}
        aria-invalid={draft.excess > 0 ? true : undefined}
        aria-describedby={noteId}
        onKeyDown={onKeyDown}
        onChange={(event) => draft.change(event.currentTarget.value)}
        onBlur={finish}
      />
      <DraftNote
        id={noteId}
        problem={draft.excess > 0 ? text.tooLong(draft.excess, MAX_DESCRIPTION_LENGTH) : null}
        isRestored={isRestored}
        onSave={finish}
        onDiscard={discard}
      />
    </div>
  );
};
