import type { ReactElement } from "react";
import styles from "./Kbd.module.css";

/** Keys as on the keyboard: "Ctrl K" is pressed together, "g t" one after the other. */
export const Kbd = ({ keys }: { readonly keys: string }): ReactElement => (
  <span className={styles.keys}>
    {keys.split(" ").map((key) => (
      <kbd key={key} className={styles.key}>
        {key}
      </kbd>
    ))}
  </span>
);
