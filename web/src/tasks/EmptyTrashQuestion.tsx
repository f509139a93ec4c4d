import type { ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { emptyTrash } from "../api/trash.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { text } from "./messages.ts";
import styles from "./Screen.module.css";

/** Of what was seen when it was asked: what another device throws away meanwhile stays. */
export const EmptyTrashQuestion = ({
  tasks,
  onClose,
}: {
  readonly tasks: readonly Task[];
  readonly onClose: () => void;
}): ReactElement => {
  const until = tasks.map(({ deleted_at }) => deleted_at ?? "").reduce((a, b) => (a > b ? a : b), "");
  const empty = (): void => {
    onClose();
    emptyTrash(until).then(
      (count) => showToast(text.didEmptyTrash(count)),
      () => showToast(text.trashNotEmptied),
    );
  };
  return (
    <Dialog title={text.emptyTheTrash} onClose={onClose}>
      <p>{text.emptyTrashAsk(tasks.length)}</p>
      <div className={styles.buttons}>
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button look="danger" onClick={empty}>
          {text.deleteForGood}
        </Button>
      </div>
    </Dialog>
  );
};
