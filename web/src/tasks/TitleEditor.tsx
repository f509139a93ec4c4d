import { useRef, type KeyboardEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { renameTask } from "./actions.ts";
import { focusRow } from "./list-focus.ts";
import { stopEditing } from "./list-state.ts";
import { text as texts } from "./messages.ts";
import { maxTitleLength } from "./pasted-lines.ts";

interface TitleEditorProps {
  readonly task: Task;
  readonly text: string;
  readonly className: string | undefined;
}

/** A title being edited in its row. Enter and leaving save, Escape does not. */
export const TitleEditor = ({ task, text, className }: TitleEditorProps): ReactElement => {
  const isGivenUp = useRef(false);
  const begun = useRef(task.title);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    isGivenUp.current = event.key === "Escape";
    event.currentTarget.blur();
    focusRow(task.id);
  };
  return (
    <input
      ref={selectAll}
      className={className}
      defaultValue={text}
      maxLength={maxTitleLength}
      aria-label={texts.titleOf}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        // What was not changed here says nothing about what another device made of it meanwhile.
        const isChanged = event.currentTarget.value !== begun.current;
        if (isChanged && !isGivenUp.current) renameTask(task, event.currentTarget.value);
        stopEditing();
      }}
    />
  );
};

const selectAll = (input: HTMLInputElement | null): void => {
  input?.focus();
  input?.select();
};
