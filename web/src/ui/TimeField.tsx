import { useState, type ComponentProps, type KeyboardEvent, type ReactElement } from "react";
import { readTime, stepTime } from "./time-text.ts";

interface TimeFieldProps extends Omit<ComponentProps<"input">, "value" | "onChange" | "type"> {
  /** `09:30`, or null for none. */
  readonly value: string | null;
  readonly onChange: (time: string | null) => void;
}

const whole = /^\d\d:\d\d$/;
const steps: Readonly<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowDown: -1 };

/**
 * A time on a clock of 24 hours, as all other texts show it: the browser's own field goes by its language instead.
 * Takes what people type (`9`, `930`, `9pm`); the arrow keys go by quarters of an hour.
 */
export const TimeField = ({ value, onChange, ...input }: TimeFieldProps): ReactElement => {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? value ?? "";
  const take = (time: string | null): void => {
    setDraft(null);
    if (time !== value) onChange(time);
  };
  const type = (text: string): void => {
    if (whole.test(text) && readTime(text) !== null) take(text);
    else setDraft(text);
  };
  /** What is no time is forgotten; an emptied field is no time on purpose. */
  const finish = (): void => {
    if (draft !== null) take(draft.trim() === "" ? null : (readTime(draft) ?? value));
  };
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      take(stepTime(readTime(shown), step));
    }
    if (event.key === "Enter") finish();
  };
  return (
    <input
      {...input}
      type="text"
      inputMode="numeric"
      autoComplete="off"
      placeholder="hh:mm"
      maxLength={8}
      value={shown}
      aria-invalid={draft !== null && draft.trim() !== "" && readTime(draft) === null ? true : undefined}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={press}
    />
  );
};
