import {
  useEffect,
  useEffectEvent,
  useId,
  useState,
  type ComponentProps,
  type KeyboardEvent,
  type ReactElement,
} from "react";
import { messages } from "./messages.ts";
import styles from "./TimeField.module.css";
import { readTime, stepTime } from "./time-text.ts";
import { showToast } from "./Toasts.tsx";

const text = messages("time-field", {
  noTime: (typed: string) => `“${typed}” is no time of a day; 00:00 to 23:59 are`,
});

interface TimeFieldProps extends Omit<ComponentProps<"input">, "value" | "onChange" | "type"> {
  /** `09:30`, or null for none. */
  readonly value: string | null;
  readonly onChange: (time: string | null) => void;
}

const whole = /^\d\d:\d\d$/;
const steps: Readonly<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowDown: -1 };

/**
 * A time on a clock of 24 hours, as all other texts show it: the browser's own field goes by its language instead.
 * Takes what people type (`9`, `930`, `9pm`); the arrow keys go by quarters of an hour. What is no time stays as it was
 * typed, and says so.
 */
export const TimeField = ({ value, onChange, ...input }: TimeFieldProps): ReactElement => {
  const problemId = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [isLeft, setLeft] = useState(false);
  const shown = draft ?? value ?? "";
  const isNoTime = draft !== null && draft.trim() !== "" && readTime(draft) === null;
  const take = (time: string | null): void => {
    setDraft(null);
    if (time !== value) onChange(time);
  };
  const type = (typed: string): void => {
    setLeft(false);
    if (whole.test(typed) && readTime(typed) !== null) take(typed);
    else setDraft(typed);
  };
  /** An emptied field is no time on purpose. */
  const finish = (): void => {
    setLeft(true);
    if (draft !== null && !isNoTime) take(draft.trim() === "" ? null : readTime(draft));
  };
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      take(stepTime(readTime(shown), step));
    }
    if (event.key !== "Enter") return;
    finish();
    // A form is not sent with another time than the one in its field.
    if (isNoTime) event.preventDefault();
  };
  const sayWhenGone = useEffectEvent(() => {
    if (isNoTime) showToast(text.noTime(draft), undefined, "time");
  });
  useEffect(() => () => sayWhenGone(), []);
  return (
    <span className={styles.field}>
      <input
        {...input}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        placeholder="hh:mm"
        value={shown}
        aria-invalid={isNoTime ? true : undefined}
        aria-describedby={problemId}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={finish}
        onKeyDown={press}
      />
      <span id={problemId} className={styles.problem} role="alert">
        {isNoTime && isLeft && text.noTime(draft)}
      </span>
    </span>
  );
};
