import { Switch as Base } from "@base-ui/react/switch";
import type { ReactElement } from "react";
import styles from "./Switch.module.css";

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}

/** Something that is on or off at once. What stands beside it is for the eye; `label` says it whole. */
export const Switch = ({ label, checked, onChange, disabled = false }: SwitchProps): ReactElement => (
  <Base.Root
    className={styles.switch}
    aria-label={label}
    checked={checked}
    disabled={disabled}
    onCheckedChange={onChange}
  >
    <Base.Thumb className={styles.thumb} />
  </Base.Root>
);
