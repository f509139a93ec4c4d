import { CalendarX2, ChevronLeft, ChevronRight, Sofa, Sun, Sunrise, CalendarArrowUp, X } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import { useUser } from "../api/session.ts";
import { IconButton } from "../ui/Button.tsx";
import { classNames } from "../ui/class-names.ts";
import { locale } from "../ui/messages.ts";
import { Popover } from "../ui/Popover.tsx";
import { TimeField } from "../ui/TimeField.tsx";
import { addDays, addMonths, monthGrid, nextWeekAfter, weekendAfter, type WeekStart } from "../time/calendar.ts";
import { dayOf, kindOf, timeOf, type CivilDay, type Clock, type DueChange, type DueKind } from "../time/due-date.ts";
import { formatDay } from "../time/due-words.ts";
import { text } from "./messages.ts";
import styles from "./DuePicker.module.css";
import { DueWordsField } from "./quick-add/DueWordsField.tsx";

interface DuePickerProps {
  readonly anchor: Element | null;
  readonly due: string | null;
  readonly clock: Clock;
  /** What one step names; the rest of a due date stays as it is. */
  readonly onChange: (change: DueChange) => void;
  readonly onClose: () => void;
  /** For a date that cannot be taken away. */
  readonly isRequired?: boolean;
  /** Before the shortcuts, such as how much of a series moves. */
  readonly top?: ReactNode;
  /** The ways to the editors of repeating and reminders, last. */
  readonly foot?: ReactNode;
  /** Shown in the same popover instead of the days. */
  readonly page?: ReactNode;
}

/** Day, time and kind of a due date in one popover. A day closes it; a time waits, to be set right. */
export const DuePicker = ({
  anchor,
  due,
  clock,
  onChange,
  onClose,
  isRequired = false,
  top,
  foot,
  page,
}: DuePickerProps): ReactElement => {
  const weekStart = useUser()?.week_start ?? "monday";
  const picker = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLInputElement>(null);
  const { zone } = clock;
  const [day, setDay] = useState<CivilDay | null>(due === null ? null : dayOf(due, zone));
  const [time, setTime] = useState(due === null ? null : timeOf(due, zone));
  const [kind, setKind] = useState<DueKind>(due === null || kindOf(due) === "date" ? "wall" : kindOf(due));

  const pickDay = (nextDay: CivilDay | null): void => {
    onChange(nextDay === null ? { none: true } : { day: nextDay });
    onClose();
  };
  const pickDue = (nextDue: string): void => {
    onChange({ due: nextDue });
    onClose();
  };
  // What is typed while a button has the focus is the beginning of words.
  const typeWords = ({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): void => {
    const isCharacter = /^[\p{L}\p{N}]$/u.test(key) && !ctrlKey && !metaKey && !altKey;
    if (isCharacter && !(target instanceof HTMLInputElement || target instanceof HTMLSelectElement))
      words.current?.focus();
  };
  const pickTime = (nextTime: string | null): void => {
    setDay(day ?? clock.day);
    setTime(nextTime);
    onChange({ time: nextTime, kind });
  };
  const pickKind = (nextKind: DueKind): void => {
    setKind(nextKind);
    onChange({ kind: nextKind });
  };

  return (
    <Popover
      anchor={anchor}
      label={text.dueDate}
      onClose={onClose}
      initialFocus={() => picker.current?.querySelector("button") ?? null}
    >
      {page}
      <div ref={picker} role="presentation" className={styles.picker} hidden={page !== undefined} onKeyDown={typeWords}>
        {top}
        <DueWordsField field={words} clock={clock} onPick={pickDue} />
        <Shortcuts clock={clock} weekStart={weekStart} hasDue={due !== null && !isRequired} onPick={pickDay} />
        <div className={styles.separator} />
        <Month chosen={day} today={clock.day} weekStart={weekStart} onPick={pickDay} />
        <div className={styles.separator} />
        <Time time={time} onChange={pickTime} />
        {time !== null && <Kinds kind={kind} onChoose={pickKind} />}
        {foot}
      </div>
    </Popover>
  );
};

interface ShortcutsProps {
  readonly clock: Clock;
  readonly weekStart: WeekStart;
  readonly hasDue: boolean;
  readonly onPick: (day: CivilDay | null) => void;
}

const Shortcuts = ({ clock, weekStart, hasDue, onPick }: ShortcutsProps): ReactElement => {
  const shortcuts: readonly [string, ReactNode, CivilDay][] = [
    [text.today, <Sun key="today" size={16} aria-hidden />, clock.day],
    [text.tomorrow, <Sunrise key="tomorrow" size={16} aria-hidden />, addDays(clock.day, 1)],
    [text.weekend, <Sofa key="weekend" size={16} aria-hidden />, weekendAfter(clock.day)],
    [text.nextWeek, <CalendarArrowUp key="week" size={16} aria-hidden />, nextWeekAfter(clock.day, weekStart)],
  ];
  return (
    <>
      {shortcuts.map(([name, icon, day]) => (
        <button key={name} type="button" className={styles.shortcut} onClick={() => onPick(day)}>
          {icon}
          <span>{name}</span>
          <small>{formatDay(day, locale, { weekday: "short", day: "numeric", month: "short" })}</small>
        </button>
      ))}
      {hasDue && (
        <button type="button" className={styles.shortcut} onClick={() => onPick(null)}>
          <CalendarX2 size={16} aria-hidden />
          <span>{text.clearDue}</span>
        </button>
      )}
    </>
  );
};

interface MonthProps {
  readonly chosen: CivilDay | null;
  readonly today: CivilDay;
  readonly weekStart: WeekStart;
  readonly onPick: (day: CivilDay) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** A month of days, from today on for what is overdue: one stop of the Tab key, the arrows go from day to day and on into the next month. */
const Month = ({ chosen, today, weekStart, onPick }: MonthProps): ReactElement => {
  const [cursor, setCursor] = useState(chosen !== null && chosen > today ? chosen : today);
  const [hasFocus, setFocus] = useState(false);
  const days = monthGrid(cursor, weekStart);
  const turn = (months: number): void => {
    setFocus(false);
    setCursor(addMonths(cursor, months));
  };
  const moveByKey = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setFocus(true);
    setCursor(addDays(cursor, step));
  };
  return (
    <>
      <div className={styles.month}>
        <h2 aria-live="polite">{formatDay(cursor, locale, { month: "long", year: "numeric" })}</h2>
        <IconButton small label={text.previousMonth} onClick={() => turn(-1)}>
          <ChevronLeft size={16} aria-hidden />
        </IconButton>
        <IconButton small label={text.nextMonth} onClick={() => turn(1)}>
          <ChevronRight size={16} aria-hidden />
        </IconButton>
      </div>
      <table className={styles.grid}>
        <thead>
          <tr>
            {days.slice(0, 7).map((day) => (
              <th key={day} scope="col" abbr={formatDay(day, locale, { weekday: "long" })}>
                {formatDay(day, locale, { weekday: "narrow" })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 6 }, (_, week) => (
            <tr key={days[week * 7]}>
              {days.slice(week * 7, week * 7 + 7).map((day) => (
                <td key={day}>
                  <button
                    type="button"
                    ref={day === cursor && hasFocus ? focus : null}
                    tabIndex={day === cursor ? 0 : -1}
                    className={classNames(
                      styles.day,
                      day.slice(0, 7) !== cursor.slice(0, 7) && styles.outside,
                      day === today && styles.present,
                      day === chosen && styles.chosen,
                    )}
                    aria-label={formatDay(day, locale, {
                      weekday: "long",
                      day: "numeric",
                      month: "long",
                      year: "numeric",
                    })}
                    aria-current={day === today ? "date" : undefined}
                    aria-pressed={day === chosen}
                    onKeyDown={moveByKey}
                    onClick={() => onPick(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};

const focus = (button: HTMLButtonElement | null): void => button?.focus();

const Time = ({
  time,
  onChange,
}: {
  readonly time: string | null;
  readonly onChange: (time: string | null) => void;
}): ReactElement => (
  <div className={styles.time}>
    <label htmlFor="due-time">{text.time}</label>
    <TimeField id="due-time" value={time} onChange={onChange} />
    {time !== null && (
      <IconButton small label={text.removeTime} onClick={() => onChange(null)}>
        <X size={14} aria-hidden />
      </IconButton>
    )}
  </div>
);

const kinds = [
  { value: "wall", label: text.kindWall, hint: text.kindWallHint },
  { value: "instant", label: text.kindInstant, hint: text.kindInstantHint },
] as const;

const Kinds = ({
  kind,
  onChoose,
}: {
  readonly kind: DueKind;
  readonly onChoose: (kind: DueKind) => void;
}): ReactElement => (
  <fieldset className={styles.kinds}>
    <legend className="visually-hidden">{text.timeKind}</legend>
    {kinds.map(({ value, label, hint }) => (
      <label key={value} className={styles.kind}>
        <input type="radio" name="due-kind" value={value} checked={kind === value} onChange={() => onChoose(value)} />
        {label}
        <small>{hint}</small>
      </label>
    ))}
  </fieldset>
);
