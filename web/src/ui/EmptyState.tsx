import type { ReactElement, ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  /** The one thing to do here. */
  readonly action?: ReactNode;
}

/** Says what belongs here, while nothing is. */
export const EmptyState = ({ icon, title, children, action }: EmptyStateProps): ReactElement => (
  <div className={styles.empty}>
    <div className={styles.icon}>{icon}</div>
    <h2 className={styles.title}>{title}</h2>
    <p className={styles.text}>{children}</p>
    {action}
  </div>
);
