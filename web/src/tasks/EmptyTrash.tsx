import { Trash2 } from "lucide-react";
import { useState, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { useTasks } from "../api/tasks-store.ts";
import { emptyTrash } from "../api/trash.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { showToast } from "../ui/Toasts.tsx";
import { text } from "./messages.ts";
import styles from "./Screen.module.css";

/** Takes the trash away for good, after a question: it is the one thing done to tasks that cannot be undone. */
export const EmptyTrash = ({ tasks }: { readonly tasks: readonly Task[] }): ReactElement => {
  const isOnline = useTasks((state) => state.connection === "live");
  const [asked, setAsked] = useState<readonly Task[] | null>(null);
  return (
    <>
      <Button look="quiet" disabled={!isOnline || tasks.length === 0} onClick={() => setAsked(tasks)}>
        <Trash2 size={16} aria-hidden />
        {text.emptyTheTrash}
      </Button>
      {asked !== null && <Question tasks={asked} onClose={() => setAsked(null)} />}
    </>
  );
};

/** Of what was seen when it was asked: what another device throws away meanwhile stays. */
const Question = ({
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
