import { useEffect, useState, type ReactElement } from "react";
import type { ReminderTrace, TraceStep } from "../../../src/contract/reminder.ts";
import { Refused } from "../api/http.ts";
import { traceReminder } from "../api/notifications.ts";
import { useClock } from "../time/clock.ts";
import type { Clock } from "../time/due-date.ts";
import { withPlainDates } from "../time/due-words.ts";
import { Button } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { locale } from "../ui/messages.ts";
import { text } from "./messages.ts";
import styles from "./TraceDialog.module.css";

interface TraceDialogProps {
  readonly reminderId: string;
  readonly onClose: () => void;
}

type Answer = { readonly trace: ReminderTrace } | { readonly problem: string } | null;

/** Why a reminder was given, or was not, step by step. */
export const TraceDialog = ({ reminderId, onClose }: TraceDialogProps): ReactElement => {
  const [answer, setAnswer] = useState<Answer>(null);
  const [attempt, setAttempt] = useState({ reminderId, number: 1 });
  useEffect(() => {
    let isCurrent = true;
    traceReminder(attempt.reminderId)
      .then((trace) => isCurrent && setAnswer({ trace }))
      .catch(
        (error: unknown) =>
          isCurrent && setAnswer({ problem: error instanceof Refused ? text.traceGone : text.traceFailed }),
      );
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  const again = (): void => {
    setAnswer(null);
    setAttempt(({ number }) => ({ reminderId, number: number + 1 }));
  };
  return (
    <Dialog title={text.whyTitle} onClose={onClose}>
      {answer === null && <div className={styles.skeleton} aria-hidden />}
      {answer !== null && "problem" in answer && (
        <div className={styles.problem} role="alert">
          <p>{answer.problem}</p>
          <Button onClick={again}>{text.tryAgain}</Button>
        </div>
      )}
      {answer !== null && "trace" in answer && <Trace trace={answer.trace} />}
    </Dialog>
  );
};

const Trace = ({ trace }: { readonly trace: ReminderTrace }): ReactElement => {
  const clock = useClock();
  return (
    <>
      <p className={styles.answer}>{withPlainDates(trace.text, clock, locale)}</p>
      <ol className={styles.steps} aria-label={text.steps}>
        {trace.steps.map((step, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- steps have no ids, and their order never changes
          <Step key={`${step.at} ${step.what} ${index}`} step={step} clock={clock} />
        ))}
      </ol>
    </>
  );
};

const bad = new Set<TraceStep["what"]>(["failed", "suppressed", "cancelled"]);

const Step = ({
  step: { at, what, text: words },
  clock,
}: {
  readonly step: TraceStep;
  readonly clock: Clock;
}): ReactElement => (
  <li className={classNames(styles.step, bad.has(what) && styles.bad, what === "fired" && styles.fired)}>
    <time dateTime={at} className={styles.when}>
      {stepTime(at, clock.zone)}
    </time>
    <p>{withPlainDates(words, clock, locale)}</p>
  </li>
);

/** To the second: what is explained here may have happened within one. */
const stepTime = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZone: zone,
  }).format(new Date(instant));
