import { type Civil, civilToMs, dayOfWeek, daysFromCivil, isDateTime, msPerDay } from "../civil.ts";
import { type RecurrenceRule, type WeekdayPart, weekdayCodes } from "./rule.ts";

/**
 * A rule bound to its anchor, ready to be searched.
 *
 * The calendar is cut into *blocks* (years, months or weeks, by the frequency) that hold a *unit* (a day, or an hour)
 * for every one that matches; each unit has the same times (`offsets`). So a search starts in the block of any moment,
 * with nothing to walk through.
 */
export interface Schedule {
  readonly rule: RecurrenceRule;
  readonly allDay: boolean;
  /** The anchor, in civil milliseconds. */
  readonly start: number;
  readonly anchor: Civil;
  /** The last moment an occurrence may have, in civil milliseconds; of UNTIL, or of COUNT's last one. */
  readonly end: number;
  readonly block: "year" | "month" | "week";
  /** Milliseconds of a unit. */
  readonly unit: number;
  /** Times within a unit, ascending, in milliseconds. */
  readonly offsets: readonly number[];
  /** BYSETPOS where the set is a whole block; where it is one unit, `offsets` are the choice already. */
  readonly positions: readonly number[];
  /** BYMONTH as a table by month; null for every month. */
  readonly months: readonly boolean[] | null;
  /** The weekdays of BYDAY that have no number, as a table by weekday. */
  readonly weekdays: readonly boolean[];
  readonly numberedWeekdays: readonly WeekdayPart[];
  /** Whether BYDAY's numbers count within the year, rather than the month. */
  readonly numberedInYear: boolean;
}

/** Whether a rule has at most one date a day, so that a day stands for its date. */
export const hasOneTimeADay = ({ rule, offsets }: Pick<Schedule, "rule" | "offsets">): boolean =>
  rule.freq !== "HOURLY" && offsets.length <= 1;

/** The last civil millisecond of the calendar. */
export const endOfCalendar = daysFromCivil(10_000, 1, 1) * msPerDay - 1;

const blocks = { HOURLY: "month", DAILY: "month", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" } as const;

/** The schedule of a rule without regard to COUNT; `createSchedule` finds its end. */
export function uncountedSchedule(rule: RecurrenceRule, anchor: Civil): Schedule {
  const hourly = rule.freq === "HOURLY";
  const setIsOneUnit = hourly || rule.freq === "DAILY";
  const offsets = timesWithinUnit(rule, anchor);
  return {
    rule,
    allDay: !isDateTime(anchor),
    anchor,
    start: civilToMs(anchor),
    end: Math.min(rule.until === null ? endOfCalendar : civilToMs(rule.until), endOfCalendar),
    block: blocks[rule.freq],
    unit: hourly ? msPerDay / 24 : msPerDay,
    offsets: setIsOneUnit ? chooseFrom(offsets, rule.bySetPos) : offsets,
    positions: setIsOneUnit ? [] : rule.bySetPos,
    months: rule.byMonth.length === 0 ? null : Array.from({ length: 13 }, (_, month) => rule.byMonth.includes(month)),
    weekdays: weekdayCodes.map((_, weekday) =>
      rule.byDay.some((part) => part.ordinal === 0 && part.weekday === weekday),
    ),
    numberedWeekdays: rule.byDay.filter(({ ordinal }) => ordinal !== 0),
    numberedInYear: rule.freq === "YEARLY" && rule.byMonth.length === 0,
  };
}

function timesWithinUnit(rule: RecurrenceRule, anchor: Civil): number[] {
  if (!isDateTime(anchor)) return [0];
  const orAnchor = (list: readonly number[], value: number): readonly number[] => (list.length > 0 ? list : [value]);
  const hours = rule.freq === "HOURLY" ? [0] : orAnchor(rule.byHour, anchor.hour);
  const minutes = orAnchor(rule.byMinute, anchor.minute);
  const seconds = orAnchor(rule.bySecond, anchor.second);
  return hours.flatMap((hour) =>
    minutes.flatMap((minute) => seconds.map((second) => ((hour * 60 + minute) * 60 + second) * 1000 + anchor.ms)),
  );
}

const chooseFrom = (offsets: number[], bySetPos: readonly number[]): number[] =>
  bySetPos.length === 0
    ? offsets
    : positionsIn(offsets.length, bySetPos).map((position) => offsets[position] as number);

/** The zero-based indices that BYSETPOS chooses from a set of `size`, ascending. */
export function positionsIn(size: number, bySetPos: readonly number[]): number[] {
  const indices = bySetPos.map((position) => (position > 0 ? position - 1 : size + position));
  return [...new Set(indices)].filter((index) => index >= 0 && index < size).toSorted((a, b) => a - b);
}

/** The first day of the week that holds a day. */
export function weekStartOf(days: number, weekStart: number): number {
  return days - ((dayOfWeek(days) - weekStart + 7) % 7);
}
