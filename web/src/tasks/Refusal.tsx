import type { ReactElement } from "react";
import type { Operation } from "../api/operation.ts";
import { discard, perform } from "../api/sync.ts";
import { Button } from "../ui/Button.tsx";
import { startEditing } from "./list-state.ts";
import { text } from "./messages.ts";

interface RefusalProps {
  readonly operation: Operation;
  readonly className: string | undefined;
}

/** Says on its row why a change was not saved. What the user typed is still there. */
export const Refusal = ({ operation, className }: RefusalProps): ReactElement => (
  <div className={className} role="alert">
    <span>{text.notSaved(operation.refusal?.message ?? "")}</span>
    {operation.command.kind !== "undo" && (
      <Button look="link" onClick={() => tryAgain(operation)}>
        {text.tryAgain}
      </Button>
    )}
    <Button look="link" onClick={() => discard(operation.id)}>
      {text.discard}
    </Button>
  </div>
);

/** A refused title goes back to where it can be changed; anything else is done once more. */
const tryAgain = ({ id, command }: Operation): void => {
  discard(id);
  if (command.kind === "update" && command.patch.title !== undefined)
    startEditing({ id: command.id, text: command.patch.title });
  else perform(command);
};
