import type { ReactElement } from "react";
import { Button } from "../ui/Button.tsx";
import { text } from "./messages.ts";
import styles from "./ReadFailure.module.css";

interface ReadFailureProps {
  readonly title?: string;
  readonly children?: string;
  readonly onRetry: () => void;
}

/** Says that the history could not be read, and why that loses nothing. */
export const ReadFailure = ({
  title = text.failed,
  children = text.failedText,
  onRetry,
}: ReadFailureProps): ReactElement => (
  <div className={styles.failure} role="alert">
    <p>
      <strong>{title}.</strong> {children}
    </p>
    <Button onClick={onRetry}>{text.tryAgain}</Button>
  </div>
);
