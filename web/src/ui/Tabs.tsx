import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactElement, ReactNode } from "react";
import styles from "./Tabs.module.css";

export interface TabChoice<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly TabChoice<T>[];
  readonly onChoose: (value: T) => void;
  /** What the chosen tab shows. */
  readonly children: ReactNode;
}

/** Several faces of one thing, of which one is seen. The arrow keys go from tab to tab. */
export const Tabs = <T extends string>({ label, value, choices, onChoose, children }: TabsProps<T>): ReactElement => (
  <Base.Root value={value} onValueChange={(chosen: T) => onChoose(chosen)} className={styles.tabs}>
    <Base.List aria-label={label} className={styles.list} activateOnFocus>
      {choices.map((choice) => (
        <Base.Tab key={choice.value} value={choice.value} className={styles.tab}>
          {choice.label}
        </Base.Tab>
      ))}
      <Base.Indicator className={styles.indicator} />
    </Base.List>
    <Base.Panel value={value} className={styles.panel} tabIndex={-1}>
      {children}
    </Base.Panel>
  </Base.Root>
);
