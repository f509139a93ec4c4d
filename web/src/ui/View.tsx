import { useEffect, type ReactElement, type ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./View.module.css";

interface ViewProps {
  readonly title: string;
  /** One line that says what one is looking at. */
  readonly context: ReactNode;
  /** The line changes while one acts on the view, which is read out. */
  readonly isContextLive?: boolean;
  /** What can be done with all of it. */
  readonly action?: ReactNode;
  /** The action goes below the title where there is no room beside it. */
  readonly isActionWide?: boolean;
  readonly children: ReactNode;
}

/** A view in the centre column: title, one line of context, and what it shows. The window is named after it. */
export const View = ({
  title,
  context,
  isContextLive = false,
  action,
  isActionWide = false,
  children,
}: ViewProps): ReactElement => {
  useTitle(title);
  return (
    <div className={styles.view}>
      <header className={classNames(styles.head, isActionWide && styles.wrapping)}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.context} {...(isContextLive ? { "aria-live": "polite" as const } : {})}>
            {context}
          </p>
        </div>
        {action}
      </header>
      {children}
    </div>
  );
};

/** Names the window. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = `${title} · TaskFlow`;
  }, [title]);
};
