import { useState, type FormEvent, type ReactElement } from "react";
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
  readonly isDisabled: boolean;
  readonly onAdd: (offset: string) => void;
}

/** A time of one's own before the due date. */
export const CustomOffset = ({ isDisabled, onAdd }: CustomOffsetProps): ReactElement => {
  const [amount, setAmount] = useState("30");
  const [unit, setUnit] = useState<Unit>("minutes");
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
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <select
        aria-label={text.unit}
        value={unit}
        onChange={(event) => setUnit(units.find((each) => each === event.currentTarget.value) ?? "minutes")}
      >
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

interface CustomMomentProps {
  readonly clock: Clock;
  readonly isDisabled: boolean;
  /** Called with a wall-clock time of the user. */
  readonly onAdd: (moment: string) => void;
}

/** A moment, whenever the task is due. */
export const CustomMoment = ({ clock, isDisabled, onAdd }: CustomMomentProps): ReactElement => {
  const [day, setDay] = useState(addDays(clock.day, 1));
  const [time, setTime] = useState<string | null>("09:00");
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
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <TimeField aria-label={text.time} value={time} onChange={setTime} />
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
