import { handOnDraft } from "../api/drafts.ts";
import type { Command } from "../api/operation.ts";
import { putBack, type Touched } from "../api/put-back.ts";
import { beforeOf, discard, perform } from "../api/sync.ts";
import { useTasks } from "../api/tasks-store.ts";
import { showToast } from "../ui/Toasts.tsx";
import { text } from "./messages.ts";

/** Something the user did that can be taken back; or took back, and can do again. */
export interface Done extends Touched {
  readonly operationId: string;
  readonly what: string;
}

const done: Done[] = [];
const undone: Done[] = [];

/** Does a command as one step that can be taken back. `field` is the one whose draft this saves. */
export const act = (command: Command, what: string, field?: string): Done => {
  const step = take(command, what, field);
  undone.length = 0;
  done.push(step);
  return step;
};

const take = (command: Command, what: string, field?: string): Done => {
  const before = beforeOf(command);
  const { id, kept } = perform(command);
  if (field !== undefined) handOnDraft(field, kept);
  return { operationId: id, before, left: beforeOf(command), what };
};

/** Does a command, says what it did, and offers to take it back. */
export const actAndTell = (command: Command, what: string, field?: string): Done => {
  const step = act(command, what, field);
  tell(step, what);
  return step;
};

const tell = (step: Done, what: string): void =>
  showToast(what, { label: text.undo, run: () => undoStep(step) }, "undo");

/** Says more about what was done, when the server has told it; nothing when the user has gone on to something else. */
export const tellMore = (step: Done, what: string): void => {
  if (done.at(-1) === step) tell(step, what);
};

/** Takes back the last thing done here. */
export const undo = (): void => {
  const last = done.at(-1);
  if (last === undefined) showToast(text.nothingToUndo, undefined, "undo");
  else undoStep(last);
};

/** Does the last thing again that was taken back here. */
export const redo = (): void => {
  const last = undone.at(-1);
  if (last === undefined) showToast(text.nothingToRedo, undefined, "undo");
  else redoStep(last);
};

const undoStep = (step: Done): void => {
  if (!remove(done, step)) return;
  if (isRefused(step)) {
    discard(step.operationId);
    return showToast(text.undone(step.what), undefined, "undo");
  }
  const back = takeBack(step);
  undone.push(back);
  showToast(text.undone(step.what), { label: text.redo, run: () => redoStep(back) }, "undo");
};

const redoStep = (step: Done): void => {
  if (!remove(undone, step)) return;
  const again = takeBack(step);
  done.push(again);
  tell(again, text.redone(step.what));
};

/** A redo is the undo of an undo. */
const takeBack = (step: Done): Done => {
  const before = putBack(step, useTasks.getState().replica.view);
  return take({ kind: "undo", of: step.operationId, before }, step.what);
};

/** What the server refused to take back cannot be done again: it is still done. */
export const forgetUndo = (operationId: string): void => {
  for (const steps of [done, undone]) {
    const step = steps.find((each) => each.operationId === operationId);
    if (step !== undefined) remove(steps, step);
  }
};

const isRefused = ({ operationId }: Done): boolean =>
  useTasks.getState().replica.queue.some(({ id, refusal }) => id === operationId && refusal !== undefined);

/** Removes a step, and answers whether it was there: a toast that is clicked twice does it once. */
const remove = (steps: Done[], step: Done): boolean => {
  const index = steps.indexOf(step);
  if (index >= 0) steps.splice(index, 1);
  return index >= 0;
};
