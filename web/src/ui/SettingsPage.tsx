import type { ReactElement, ReactNode } from "react";
import styles from "./SettingsPage.module.css";
import { useTitle } from "./View.tsx";

interface SettingsPageProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

/** A page of settings, in sections. */
export const SettingsPage = ({ title, lead, children }: SettingsPageProps): ReactElement => {
  useTitle(title);
  return (
    <div className={styles.page}>
      <div>
        <h1 className={styles.title}>{title}</h1>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </div>
      {children}
    </div>
  );
};

interface SettingsSectionProps extends SettingsPageProps {
  /** On its page one of its own. */
  readonly id: string;
}

/** What belongs together among the settings, under a heading. */
export const SettingsSection = ({ id, title, lead, children }: SettingsSectionProps): ReactElement => (
  <section className={styles.section} aria-labelledby={id}>
    <div>
      <h2 id={id} className={styles.heading}>
        {title}
      </h2>
      {lead !== undefined && <p className={styles.lead}>{lead}</p>}
    </div>
    {children}
  </section>
);
