import { useState, type ReactElement } from "react";
import { addDays } from "../time/calendar.ts";
import type { CivilDay, Clock } from "../time/due-date.ts";
import { plainDate } from "../time/due-words.ts";
import { Button } from "../ui/Button.tsx";
import { locale } from "../ui/messages.ts";
import { Popover } from "../ui/Popover.tsx";
import styles from "./ActivityFilters.module.css";
import { text } from "./messages.ts";

interface Range {
  readonly from: CivilDay | null;
  readonly to: CivilDay | null;
}

interface RangeFilterProps extends Range {
  readonly clock: Clock;
  readonly icon: ReactElement;
  readonly onChange: (range: Range) => void;
}

/** Which days: one of a few, or any two. */
export const RangeFilter = ({ from, to, clock, icon, onChange }: RangeFilterProps): ReactElement => {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const range = { from, to };
  const choose = (chosen: Range): void => {
    setAnchor(null);
    onChange(chosen);
  };
  return (
    <>
      <Button
        look="outline"
        className={from === null && to === null ? "" : styles.active}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {icon}
        <span className="visually-hidden">{text.time}: </span>
        {rangeWords(range, clock)}
      </Button>
      {anchor !== null && (
        <Popover anchor={anchor} label={text.time} onClose={() => setAnchor(null)}>
          <div className={styles.range}>
            <div className={styles.presets}>
              {presets(clock.day).map(([name, preset]) => (
                <Button
                  key={name}
                  look="quiet"
                  className={isSame(preset, range) ? styles.chosen : ""}
                  aria-pressed={isSame(preset, range)}
                  onClick={() => choose(preset)}
                >
                  {name}
                </Button>
              ))}
            </div>
            <div className={styles.days}>
              <DayField
                label={text.from}
                value={from}
                max={to ?? clock.day}
                onChange={(day) => onChange({ from: day, to })}
              />
              <DayField
                label={text.to}
                value={to}
                min={from}
                max={clock.day}
                onChange={(day) => onChange({ from, to: day })}
              />
            </div>
          </div>
        </Popover>
      )}
    </>
  );
};

const presets = (today: CivilDay): [string, Range][] => [
  [text.anyTime, { from: null, to: null }],
  [text.today, { from: today, to: null }],
  [text.last7, { from: addDays(today, -6), to: null }],
  [text.last30, { from: addDays(today, -29), to: null }],
];

const isSame = (a: Range, b: Range): boolean => a.from === b.from && a.to === b.to;

const rangeWords = (range: Range, clock: Clock): string => {
  const preset = presets(clock.day).find(([, each]) => isSame(each, range));
  if (preset !== undefined) return preset[0];
  const words = (day: CivilDay): string => plainDate(day, clock, locale);
  if (range.from === null) return text.until(words(range.to ?? clock.day));
  return range.to === null ? text.since(words(range.from)) : text.between(words(range.from), words(range.to));
};

interface DayFieldProps {
  readonly label: string;
  readonly value: CivilDay | null;
  readonly min?: CivilDay | null;
  readonly max: CivilDay;
  readonly onChange: (day: CivilDay | null) => void;
}

const DayField = ({ label, value, min = null, max, onChange }: DayFieldProps): ReactElement => (
  <label>
    {label}
    <input
      type="date"
      value={value ?? ""}
      min={min ?? undefined}
      max={max}
      onChange={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
    />
  </label>
);
