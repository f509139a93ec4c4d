import { ChevronLeft } from "lucide-react";
import type { ReactElement } from "react";
import { IconButton } from "../ui/Button.tsx";
import styles from "./PickerPage.module.css";

/** What a page within the due popover is made of: its own root takes this class. */
export const pickerPage = styles.page;

interface PickerHeadProps {
  readonly title: string;
  readonly backLabel: string;
  readonly onBack: () => void;
}

/** The head of a page within the due popover, with the way back. */
export const PickerHead = ({ title, backLabel, onBack }: PickerHeadProps): ReactElement => (
  <div className={styles.head}>
    <IconButton small label={backLabel} onClick={onBack}>
      <ChevronLeft size={16} aria-hidden />
    </IconButton>
    <h3>{title}</h3>
  </div>
);
