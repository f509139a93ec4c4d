import type { ReactElement } from "react";
import styles from "../DetailPanel.module.css";

interface PlainTextProps {
  readonly text: string;
  /** Why it is not laid out. */
  readonly note?: string;
}

/** A text as it was written. */
export const PlainText = ({ text, note }: PlainTextProps): ReactElement => (
  <>
    {note !== undefined && <p className={styles.plainNote}>{note}</p>}
    <div className={styles.plain}>{text}</div>
  </>
);
