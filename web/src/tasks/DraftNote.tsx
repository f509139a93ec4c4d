import type { ReactElement } from "react";
import { Button } from "../ui/Button.tsx";
import styles from "./DraftNote.module.css";
import { text } from "./messages.ts";

interface DraftNoteProps {
  readonly id?: string;
  /** Why the text cannot be saved as it is. */
  readonly problem?: string | null;
  /** What shows is a draft from before. */
  readonly isRestored: boolean;
  /** Left out where the form has a button for it. */
  readonly onSave?: () => void;
  readonly onDiscard: () => void;
}

/** Says of a text, or of what was chosen, that it is not saved, and why. */
export const DraftNote = ({
  id,
  problem = null,
  isRestored,
  onSave,
  onDiscard,
}: DraftNoteProps): ReactElement | null => {
  if (problem === null && !isRestored) return null;
  return (
    <div id={id} className={styles.note}>
      {problem === null ? (
        <span className={styles.draft}>{text.draft}</span>
      ) : (
        <span className={styles.problem} role="alert">
          {problem}
        </span>
      )}
      {isRestored && problem === null && onSave !== undefined && (
        <Button look="link" onClick={onSave}>
          {text.saveDraft}
        </Button>
      )}
      {isRestored && (
        <Button look="link" onClick={onDiscard}>
          {text.discard}
        </Button>
      )}
    </div>
  );
};
