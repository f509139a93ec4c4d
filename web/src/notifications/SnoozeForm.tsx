import { useEffect, useRef, type FormEvent, type ReactElement } from "react";
import { dropDraft, keepDraft, useDraft } from "../api/drafts.ts";
import { addDays } from "../time/calendar.ts";
import { useClock } from "../time/clock.ts";
import { Button } from "../ui/Button.tsx";
import { TimeField } from "../ui/TimeField.tsx";
import { text } from "./messages.ts";
import styles from "./SnoozeForm.module.css";

/** Where what is typed into the form of a notification is kept until it is used. */
export const snoozeField = (notificationId: string): string => `snooze.${notificationId}`;

interface SnoozeFormProps {
  readonly notificationId: string;
  /** Called with a wall-clock time of the user. */
  readonly onSnooze: (until: string) => void;
  readonly onCancel: () => void;
}

/** A day and a time to put something off to. */
export const SnoozeForm = ({ notificationId, onSnooze, onCancel }: SnoozeFormProps): ReactElement => {
  const clock = useClock();
  const field = snoozeField(notificationId);
  const draft = useDraft(field);
  const day = draft?.day ?? addDays(clock.day, 1);
  const time = draft === undefined ? "09:00" : draft.time || null;
  const change = (next: { readonly day: string; readonly time: string | null }): void =>
    keepDraft(field, { day: next.day, time: next.time ?? "" });
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const until = day === "" || time === null ? null : `${day}T${time}`;
  const isPast = until !== null && until <= clock.time;
  const snooze = (event: FormEvent): void => {
    event.preventDefault();
    if (until === null || isPast) return;
    dropDraft(field);
    onSnooze(until);
  };
  const cancel = (): void => {
    dropDraft(field);
    onCancel();
  };
  return (
    <form className={styles.form} aria-label={text.snoozeUntil} onSubmit={snooze}>
      <input
        ref={first}
        type="date"
        aria-label={text.date}
        value={day}
        min={clock.day}
        onChange={(event) => change({ day: event.currentTarget.value, time })}
      />
      <TimeField aria-label={text.time} value={time} onChange={(next) => change({ day, time: next })} />
      <Button type="submit" look="primary" disabled={until === null || isPast}>
        {text.snooze}
      </Button>
      <Button look="quiet" onClick={cancel}>
        {text.cancel}
      </Button>
      {isPast && <p role="status">{text.isPast}</p>}
    </form>
  );
};
