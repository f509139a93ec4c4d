import type { ReactElement } from "react";
import { useUser } from "../../api/session.ts";
import type { WeekStart } from "../../time/calendar.ts";
import type { CivilDay } from "../../time/due-date.ts";
import { ordinalOf, units, weekdayCode, weekdays, type Choices, type MonthDay, type Weekday } from "./choices.ts";
import { text } from "./messages.ts";
import styles from "./RepeatEditor.module.css";
import { Choice } from "./RepeatFields.tsx";
import { weekdayNames, weekdayShortNames } from "./words.ts";

interface CustomRuleProps {
  readonly choices: Choices;
  readonly day: CivilDay;
  readonly onChange: (choices: Choices) => void;
}

/** What the interval of the API goes up to. */
const mostUnits = 999;

/** Every so many days, weeks, months or years, and on which days. */
export const CustomRule = ({ choices, day, onChange }: CustomRuleProps): ReactElement => (
  <>
    <div className={styles.every}>
      <label className={styles.field}>
        <span>{text.every}</span>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={mostUnits}
          required
          defaultValue={choices.every}
          onChange={({ currentTarget }) =>
            currentTarget.validity.valid && onChange({ ...choices, every: currentTarget.valueAsNumber })
          }
        />
      </label>
      <Choice
        label={text.unit}
        isLabelHidden
        value={choices.unit}
        options={units.map((unit) => ({ value: unit, label: text[unit](choices.every) }))}
        onChoose={(unit) => onChange({ ...choices, unit })}
      />
    </div>
    {choices.unit === "week" && (
      <Weekdays chosen={choices.weekdays} onChange={(next) => onChange({ ...choices, weekdays: next })} />
    )}
    {choices.unit === "month" && <MonthDayChoice choices={choices} day={day} onChange={onChange} />}
  </>
);

export const firstOfWeek: Readonly<Record<WeekStart, Weekday>> = { monday: "MO", sunday: "SU", saturday: "SA" };

/** The days of the week, from the user's first on. */
const Weekdays = ({
  chosen,
  onChange,
}: {
  readonly chosen: readonly Weekday[];
  readonly onChange: (chosen: readonly Weekday[]) => void;
}): ReactElement => {
  const start = weekdays.indexOf(firstOfWeek[useUser()?.week_start ?? "monday"]);
  const toggle = (weekday: Weekday): void => {
    const next = chosen.includes(weekday) ? chosen.filter((each) => each !== weekday) : [...chosen, weekday];
    onChange(next);
  };
  return (
    <fieldset className={styles.weekdays}>
      <legend className="visually-hidden">{text.onDays}</legend>
      {[...weekdays.slice(start), ...weekdays.slice(0, start)].map((weekday) => (
        <label key={weekday} className={styles.weekday}>
          <input
            type="checkbox"
            className="visually-hidden"
            aria-label={weekdayNames[weekday]}
            checked={chosen.includes(weekday)}
            onChange={() => toggle(weekday)}
          />
          <span aria-hidden>{weekdayShortNames[weekday].slice(0, 2)}</span>
        </label>
      ))}
    </fieldset>
  );
};

/** By day or by weekday: what the due date suggests, and what is chosen already. */
const MonthDayChoice = ({ choices, day, onChange }: CustomRuleProps): ReactElement => {
  const weekday = weekdayCode(day);
  const suggested: MonthDay[] = [
    { by: "day", day: Number(day.slice(8)) },
    { by: "weekday", ordinal: ordinalOf(day), weekday },
    { by: "weekday", ordinal: -1, weekday },
    { by: "last-day" },
  ];
  const options = new Map([choices.monthDay, ...suggested].map((monthDay) => [JSON.stringify(monthDay), monthDay]));
  return (
    <Choice
      label={text.onDay}
      value={JSON.stringify(choices.monthDay)}
      options={[...options].map(([value, monthDay]) => ({ value, label: monthDayLabel(monthDay) }))}
      onChoose={(value) => onChange({ ...choices, monthDay: options.get(value) ?? choices.monthDay })}
    />
  );
};

const monthDayLabel = (monthDay: MonthDay): string => {
  switch (monthDay.by) {
    case "day":
      return text.onNth(monthDay.day);
    case "last-day":
      return text.onLastDay;
    case "weekday":
      return text.onWeekday(monthDay.ordinal, weekdayNames[monthDay.weekday]);
  }
};
