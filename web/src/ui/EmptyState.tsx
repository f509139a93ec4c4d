import type { ReactElement, ReactNode } from "react";
import styles from "./EmptyState.module.css";

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  /** Stands alone on its page: the title is the page's. */
  readonly isPage?: boolean;
  readonly children: ReactNode;
  /** The one thing to do here. */
  readonly action?: ReactNode;
}

/** Says what belongs here, while nothing is. */
export const EmptyState = ({ icon, title, isPage = false, children, action }: EmptyStateProps): ReactElement => {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className={styles.empty} data-empty>
      <div className={styles.icon}>{icon}</div>
      <Heading className={styles.title}>{title}</Heading>
      <p className={styles.text}>{children}</p>
      {action}
    </div>
  );
};
