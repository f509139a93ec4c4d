import type { ReactElement } from "react";
import styles from "./Kbd.module.css";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** With a modifier the letter is written as on the key. */
const shown = (keys: string): string[] => {
  const [first = "", ...others] = keys.split(" ");
  return first === "Ctrl" ? [isApple ? "⌘" : first, ...others.map((key) => key.toUpperCase())] : [first, ...others];
};

/** Keys as on the keyboard: "Ctrl K" is pressed together, "g t" one after the other. */
export const Kbd = ({ keys }: { readonly keys: string }): ReactElement => (
  <span className={styles.keys}>
    {shown(keys).map((key) => (
      <kbd key={key} className={styles.key}>
        {key}
      </kbd>
    ))}
  </span>
);
