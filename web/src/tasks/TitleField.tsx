import { useEffect, useRef, type KeyboardEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { renameTask } from "./actions.ts";
import styles from "./DetailPanel.module.css";
import { focusPanel } from "./list-focus.ts";
import { text } from "./messages.ts";
import { maxTitleLength } from "./pasted-lines.ts";

/** The title, wrapped over as many lines as it needs. What is typed is never overwritten by news from elsewhere. */
export const TitleField = ({ task }: { readonly task: Task }): ReactElement => {
  const field = useRef<HTMLTextAreaElement>(null);
  const begun = useRef(task.title);
  useEffect(() => {
    const input = field.current;
    if (input !== null && document.activeElement !== input) input.value = task.title;
  }, [task.title]);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") event.currentTarget.value = task.title;
    focusPanel();
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
      onFocus={(event) => {
        begun.current = event.currentTarget.value;
      }}
      onBlur={({ currentTarget: input }) => {
        // What was not changed here says nothing about what another device made of it meanwhile.
        const isChanged = input.value !== begun.current && input.value.trim() !== "";
        if (isChanged) renameTask(task, input.value.replaceAll(/\s*\n\s*/g, " "));
        else input.value = task.title;
      }}
    />
  );
};
