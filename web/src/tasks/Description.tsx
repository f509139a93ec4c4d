import { Pencil } from "lucide-react";
import { lazy, Suspense, useState, type MouseEvent, type ReactElement } from "react";
import type { Task } from "../../../src/contract/task.ts";
import { IconButton } from "../ui/Button.tsx";
import { ErrorBoundary } from "../ui/ErrorBoundary.tsx";
import { tickBox } from "./actions.ts";
import { descriptionField, DescriptionEditor } from "./DescriptionEditor.tsx";
import styles from "./DetailPanel.module.css";
import { PlainText } from "./markdown/PlainText.tsx";
import { toggleTaskBox } from "./markdown/task-boxes.ts";
import { text } from "./messages.ts";
import { useHasDraft } from "./use-text-draft.ts";

/** The description: read as Markdown, edited as text, saved on leaving. */
export const Description = ({ task }: { readonly task: Task }): ReactElement => {
  const [isEditing, setEditing] = useState(false);
  const hasDraft = useHasDraft(descriptionField(task.id), task.description ?? "");
  if (isEditing || hasDraft) return <DescriptionEditor task={task} onDone={() => setEditing(false)} />;
  if (task.description === null) {
    return (
      <div className={styles.description}>
        <button type="button" className={styles.placeholder} onClick={() => setEditing(true)}>
          {text.addDescription}
        </button>
      </div>
    );
  }
  return <Reading task={task} description={task.description} onEdit={() => setEditing(true)} />;
};

const Markdown = lazy(async () => ({ default: (await import("./markdown/Markdown.tsx")).Markdown }));

/** What has a function of its own when it is clicked. */
const active = "a, button, input";

const Reading = ({
  task,
  description,
  onEdit,
}: {
  readonly task: Task;
  readonly description: string;
  readonly onEdit: () => void;
}): ReactElement => {
  const editUnlessActive = (event: MouseEvent): void => {
    const isActive = event.target instanceof Element && event.target.closest(active) !== null;
    if (!isActive && getSelection()?.isCollapsed === true) onEdit();
  };
  return (
    <section className={styles.description} aria-label={text.description}>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- a short cut for the button below */}
      <div className={styles.read} onClick={editUnlessActive}>
        <ErrorBoundary of={description} renderFailure={() => <PlainText text={description} note={text.notLaidOut} />}>
          <Suspense fallback={<PlainText text={description} />}>
            <Markdown text={description} onToggle={(line) => tickBox(task, toggleTaskBox(description, line))} />
          </Suspense>
        </ErrorBoundary>
      </div>
      <IconButton small className={styles.edit} label={text.editDescription} onClick={onEdit}>
        <Pencil size={14} aria-hidden />
      </IconButton>
    </section>
  );
};
