import { useEffect, useRef, useState, type FormEvent, type ReactElement } from "react";
import { addDays } from "../time/calendar.ts";
import { useClock } from "../time/clock.ts";
import { Button } from "../ui/Button.tsx";
import { TimeField } from "../ui/TimeField.tsx";
import { text } from "./messages.ts";
import styles from "./SnoozeForm.module.css";

interface SnoozeFormProps {
  /** Called with a wall-clock time of the user. */
  readonly onSnooze: (until: string) => void;
  readonly onCancel: () => void;
}

/** A day and a time to put something off to. */
export const SnoozeForm = ({ onSnooze, onCancel }: SnoozeFormProps): ReactElement => {
  const clock = useClock();
  const [day, setDay] = useState(addDays(clock.day, 1));
  const [time, setTime] = useState<string | null>("09:00");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const until = day === "" || time === null ? null : `${day}T${time}`;
  const isPast = until !== null && until <= clock.time;
  const snooze = (event: FormEvent): void => {
    event.preventDefault();
    if (until !== null && !isPast) onSnooze(until);
  };
  return (
    <form className={styles.form} aria-label={text.snoozeUntil} onSubmit={snooze}>
      <input
        ref={first}
        type="date"
        aria-label={text.date}
        value={day}
        min={clock.day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TimeField aria-label={text.time} value={time} onChange={setTime} />
      <Button type="submit" look="primary" disabled={until === null || isPast}>
        {text.snooze}
      </Button>
      <Button look="quiet" onClick={onCancel}>
        {text.cancel}
      </Button>
      {isPast && <p role="status">{text.isPast}</p>}
    </form>
  );
};
