import type { ReactElement } from "react";
import styles from "./Kbd.module.css";

const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

const modifiers = new Set(["Ctrl", "Shift"]);

/** With a modifier the letter is written as on the key. */
const shown = (keys: string): string[] => {
  const parts = keys.split(" ");
  if (!modifiers.has(parts[0] ?? "")) return parts;
  return parts.map((key) => (key === "Ctrl" && isApple ? "⌘" : key.length === 1 ? key.toUpperCase() : key));
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
