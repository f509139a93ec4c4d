import type { ReactElement } from "react";
import { useTasks } from "../api/tasks-store.ts";
import { Button } from "../ui/Button.tsx";
import { clearExamples, useExamples } from "./examples.ts";
import { text } from "./messages.ts";
import styles from "./Screen.module.css";

/** Says which tasks are examples, as long as one of them is there, and clears them with a click. */
export const ExamplesNote = (): ReactElement | null => {
  const ids = useExamples((state) => state.ids);
  const isAnyThere = useTasks(({ replica }) => ids.some((id) => replica.view.get(id)?.deleted_at === null));
  if (!isAnyThere) return null;
  return (
    <div className={styles.note}>
      <p>{text.examplesHint}</p>
      <Button look="link" onClick={clearExamples}>
        {text.clearExamples}
      </Button>
    </div>
  );
};
