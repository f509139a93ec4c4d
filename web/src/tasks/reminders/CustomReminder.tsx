import type { FormEvent, ReactElement } from "react";
import { draftOf, keepDraft, useDraft } from "../../api/drafts.ts";
import type { Draft } from "../../api/kept-drafts.ts";
import { addDays } from "../../time/calendar.ts";
import { instantOf, type Clock } from "../../time/due-date.ts";
import { Button } from "../../ui/Button.tsx";
import { TimeField } from "../../ui/TimeField.tsx";
import { text } from "./messages.ts";
import { isoOf, longest, units, type Unit } from "./offsets.ts";
import styles from "./ReminderEditor.module.css";

const unitNames: Record<Unit, string> = {
  minutes: text.minutesUnit,
  hours: text.hoursUnit,
  days: text.daysUnit,
  weeks: text.weeksUnit,
};

interface CustomOffsetProps {
  /** Where what is typed is kept until it is added. */
  readonly field: string;
  readonly isDisabled: boolean;
  readonly onAdd: (offset: string) => void;
}

/** A time of one's own before the due date. */
export const CustomOffset = ({ field, isDisabled, onAdd }: CustomOffsetProps): ReactElement => {
  const draft = useDraft(field);
  const amount = draft?.amount ?? "30";
  const unit = unitOf(draft?.unit);
  const change = (fields: Draft): void => keepDraft(field, { amount, unit, ...draftOf(field), ...fields });
  const number = Number(amount);
  const isLong = number > longest[unit];
  const isUsable = amount !== "" && Number.isInteger(number) && number >= 0 && !isLong;
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (isUsable) onAdd(isoOf(number, unit));
  };
  return (
    <form className={styles.custom} onSubmit={add} aria-label={text.custom}>
      <span className={styles.label}>{text.custom}</span>
      <input
        type="number"
        min={0}
        aria-label={text.amount}
        value={amount}
        onChange={(event) => change({ amount: event.currentTarget.value })}
      />
      <select aria-label={text.unit} value={unit} onChange={(event) => change({ unit: event.currentTarget.value })}>
        {units.map((each) => (
          <option key={each} value={each}>
            {unitNames[each]}
          </option>
        ))}
      </select>
      <Button type="submit" disabled={isDisabled || !isUsable}>
        {text.add}
      </Button>
      {isLong && <Problem>{text.tooLong}</Problem>}
    </form>
  );
};

const unitOf = (name: string | undefined): Unit => units.find((each) => each === name) ?? "minutes";

interface CustomMomentProps {
  readonly field: string;
  readonly clock: Clock;
  readonly isDisabled: boolean;
  /** Called with a wall-clock time of the user. */
  readonly onAdd: (moment: string) => void;
}

/** A moment, whenever the task is due. */
export const CustomMoment = ({ field, clock, isDisabled, onAdd }: CustomMomentProps): ReactElement => {
  const draft = useDraft(field);
  const day = draft?.day ?? addDays(clock.day, 1);
  const time = draft === undefined ? "09:00" : draft.time || null;
  // Leaving the one field changes it in the same moment as the other: what is kept then counts, not what was shown.
  const change = (fields: Draft): void => keepDraft(field, { day, time: time ?? "", ...draftOf(field), ...fields });
  const moment = day === "" || time === null ? null : `${day}T${time}`;
  const isPast = moment !== null && instantOf(moment, clock.zone) <= instantOf(clock.time, clock.zone);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (moment !== null && !isPast) onAdd(moment);
  };
  return (
    <form className={styles.custom} onSubmit={add} aria-label={text.moment}>
      <span className={styles.label}>{text.moment}</span>
      <input
        type="date"
        aria-label={text.date}
        value={day}
        min={clock.day}
        onChange={(event) => change({ day: event.currentTarget.value })}
      />
      <TimeField aria-label={text.time} value={time} onChange={(next) => change({ time: next ?? "" })} />
      <Button type="submit" disabled={isDisabled || moment === null || isPast}>
        {text.add}
      </Button>
      {isPast && <Problem>{text.isPast}</Problem>}
    </form>
  );
};

const Problem = ({ children }: { readonly children: string }): ReactElement => (
  <p className={styles.problem} role="status">
    {children}
  </p>
);
