import { civilFromMs, dayOfWeek, daysFromCivil, msPerDay } from "../civil.ts";
import type { Transitions } from "./packed-zone.ts";

/**
 * One change a year: "the first `weekday` on or after `day` of `month`", at a wall-clock time of the offset that ends.
 */
interface YearlyChange {
  readonly month: number;
  readonly weekday: number;
  readonly day: number;
  readonly timeOfDay: number;
  readonly before: number;
  readonly after: number;
}

interface ObservedChange extends YearlyChange {
  readonly year: number;
}

/** The Gregorian calendar repeats, weekdays and all, after 400 years. */
export const calendarCycleYears = 400;

/** Any 11 years in a row show a date on each of the 7 weekdays, so the earliest day seen is the rule's own. */
const observedYears = 11;

/** The data lists every change up to this year, and a rule that still holds in it goes on. */
const dataEndsIn = 2037;

/**
 * The yearly changes in force at the end of the data, in the order of the year. Undefined for a zone that has none by
 * then, or whose changes follow no weekday (Ramadan).
 */
function lastRule(transitions: Transitions): YearlyChange[] | undefined {
  const first = transitions.untils.length - 2 * observedYears;
  const observed = transitions.untils
    .slice(Math.max(first, 0))
    .map((until, i) =>
      observe(until, transitions.offsets[first + i] as number, transitions.offsets[first + i + 1] as number),
    );
  if (first < 0 || (observed.at(-1) as ObservedChange).year < dataEndsIn) return undefined;
  const forward = ruleOf(observed.filter((change) => change.after > change.before));
  const back = ruleOf(observed.filter((change) => change.after < change.before));
  if (forward === undefined || back === undefined) return undefined;
  return forward.month < back.month ? [forward, back] : [back, forward];
}

/** Adds one calendar cycle of the zone's last rule; undefined for a zone without one. */
export function extendByLastRule(transitions: Transitions): Transitions | undefined {
  const changes = lastRule(transitions);
  const last = transitions.untils.at(-1);
  if (changes === undefined || last === undefined) return undefined;
  const years = Array.from({ length: calendarCycleYears + 1 }, (_, i) => dataEndsIn + i);
  const later = years
    .flatMap((year) => changes.map((change) => ({ until: instantOf(change, year), offset: change.after })))
    .filter(({ until }) => until > last);
  return {
    untils: [...transitions.untils, ...later.map(({ until }) => until)],
    offsets: [...transitions.offsets, ...later.map(({ offset }) => offset)],
  };
}

function observe(until: number, before: number, after: number): ObservedChange {
  return { ...onWallClock(until + before), before, after };
}

function onWallClock(wallMs: number): Omit<ObservedChange, "before" | "after"> {
  const { year, month, day } = civilFromMs(wallMs);
  const days = daysFromCivil(year, month, day);
  return { year, month, weekday: dayOfWeek(days), day, timeOfDay: wallMs - days * msPerDay };
}

/**
 * "The last Thursday at 24:00" falls on Friday, sometimes of the next month: the same moment, read as the end of the
 * day before.
 */
function readAsEndOfDay(change: ObservedChange): ObservedChange {
  const midnight = daysFromCivil(change.year, change.month, change.day) * msPerDay;
  return { ...change, ...onWallClock(midnight - msPerDay), timeOfDay: change.timeOfDay + msPerDay };
}

function ruleOf(observed: ObservedChange[]): YearlyChange | undefined {
  return commonRule(observed) ?? commonRule(observed.map(readAsEndOfDay));
}

function commonRule(observed: ObservedChange[]): YearlyChange | undefined {
  const first = observed[0];
  if (first === undefined || observed.length !== observedYears) return undefined;
  const day = Math.min(...observed.map((change) => change.day));
  const expected = { ...first, day };
  const everyYear = observed.every(
    (change, i) =>
      change.year === first.year + i &&
      change.after === first.after &&
      instantOf(expected, change.year) === instantOf(change, change.year),
  );
  return everyYear ? expected : undefined;
}

function instantOf(change: YearlyChange, year: number): number {
  const earliest = daysFromCivil(year, change.month, change.day);
  const days = earliest + ((change.weekday - dayOfWeek(earliest) + 7) % 7);
  return days * msPerDay + change.timeOfDay - change.before;
}
