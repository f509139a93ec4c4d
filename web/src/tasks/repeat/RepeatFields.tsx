import type { ReactElement, Ref } from "react";
import styles from "./RepeatEditor.module.css";

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChoose: (value: T) => void;
  readonly ref?: Ref<HTMLSelectElement>;
}

/** One of several, by the platform's own list, with its name beside it. */
export const Choice = <T extends string>({
  label,
  isLabelHidden = false,
  value,
  options,
  onChoose,
  ref,
}: ChoiceProps<T>): ReactElement => (
  <label className={isLabelHidden ? styles.wide : styles.field}>
    <span className={isLabelHidden ? "visually-hidden" : undefined}>{label}</span>
    <select
      ref={ref}
      value={value}
      onChange={(event) => {
        const option = options.find((each) => each.value === event.currentTarget.value);
        if (option !== undefined) onChoose(option.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  </label>
);
