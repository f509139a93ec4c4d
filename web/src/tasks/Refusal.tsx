import type { ReactElement } from "react";
import { keepDraft } from "../api/drafts.ts";
import type { Operation } from "../api/operation.ts";
import { discard, perform } from "../api/sync.ts";
import { Button } from "../ui/Button.tsx";
import { tasksOf } from "./actions.ts";
import { descriptionField } from "./DescriptionEditor.tsx";
import { startEditing } from "./list-state.ts";
import { text } from "./messages.ts";
import { openTask } from "./open-task.ts";
import { refusalWords } from "./refusal-words.ts";
import { rowTitleField } from "./TitleEditor.tsx";
import { panelTitleField } from "./TitleField.tsx";

interface RefusalProps {
  readonly operation: Operation;
  readonly place: "row" | "panel";
  readonly className: string | undefined;
}

/** Says at its task why a change was not saved. What the user typed is still there. */
export const Refusal = ({ operation, place, className }: RefusalProps): ReactElement => (
  <div className={className} role="alert">
    {operation.refusal !== undefined && <span>{refusalWords(operation.command, operation.refusal)}</span>}
    {operation.command.kind !== "undo" && (
      <Button look="link" onClick={() => tryAgain(operation, place)}>
        {text.tryAgain}
      </Button>
    )}
    <Button look="link" onClick={() => discard(operation.id)}>
      {text.discard}
    </Button>
  </div>
);

/** A refused text goes back to where it can be changed; anything else is done once more. */
const tryAgain = ({ id, command }: Operation, place: RefusalProps["place"]): void => {
  const [task] = command.kind === "update" ? tasksOf([command.id]) : [];
  discard(id);
  if (command.kind !== "update" || task === undefined) perform(command);
  else if (typeof command.patch.title === "string") putBackTitle(task.id, command.patch.title, task.title, place);
  else if (typeof command.patch.description === "string") {
    keepDraft(descriptionField(task.id), { text: command.patch.description, base: task.description ?? "" });
    if (place === "row") openTask(task.id);
  } else perform(command);
};

const putBackTitle = (taskId: string, title: string, base: string, place: RefusalProps["place"]): void => {
  keepDraft(place === "row" ? rowTitleField(taskId) : panelTitleField(taskId), { text: title, base });
  if (place === "row") startEditing(taskId);
};
