import { useEffect, useRef, type KeyboardEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { renameTask } from "./actions.ts";
import styles from "./DetailPanel.module.css";
import { text } from "./messages.ts";
import { maxTitleLength } from "./pasted-lines.ts";

/** The title, wrapped over as many lines as it needs. What is typed is never overwritten by news from elsewhere. */
export const TitleField = ({ task }: { readonly task: Task }): ReactElement => {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const input = field.current;
    if (input !== null && document.activeElement !== input) input.value = task.title;
  }, [task.title]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") event.currentTarget.value = task.title;
    event.currentTarget.blur();
  };
  return (
    <textarea
      ref={field}
      className={styles.title}
      rows={1}
      defaultValue={task.title}
      maxLength={maxTitleLength}
      aria-label={text.titleOf}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        renameTask(task, event.currentTarget.value.replaceAll(/\s*\n\s*/g, " "));
        if (event.currentTarget.value.trim() === "") event.currentTarget.value = task.title;
      }}
    />
  );
};
