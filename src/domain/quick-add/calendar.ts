import { addDays, type CivilDate, compareCivil, dayOfWeek, daysFromCivil, daysInMonth } from "../civil.ts";
import type { Unit } from "./words.ts";

/** Dates as people mean them, by the day it is for them. */
export interface CalendarContext {
  readonly today: CivilDate;
  /** 0 is Monday, 6 Sunday. */
  readonly weekStart: number;
}

export const weekdayOf = ({ year, month, day }: CivilDate): number => dayOfWeek(daysFromCivil(year, month, day));

/** The next such weekday that is not today. */
export const comingWeekday = (weekday: number, today: CivilDate): CivilDate =>
  addDays(today, ((weekday - weekdayOf(today) + 6) % 7) + 1);

export const startOfWeek = ({ today, weekStart }: CalendarContext): CivilDate =>
  addDays(today, -((weekdayOf(today) - weekStart + 7) % 7));

/** A weekday of the week that is so many weeks from this one. */
export const weekdayOfWeek = (weekday: number, weeks: number, context: CalendarContext): CivilDate =>
  addDays(startOfWeek(context), weeks * 7 + ((weekday - context.weekStart + 7) % 7));

/** A date so many months on; the last day of a month that is too short. */
export const addMonths = ({ year, month, day }: CivilDate, months: number): CivilDate => {
  const counted = year * 12 + month - 1 + months;
  const [newYear, newMonth] = [Math.floor(counted / 12), (counted % 12) + 1];
  return { year: newYear, month: newMonth, day: Math.min(day, daysInMonth(newYear, newMonth)) };
};

export const addUnits = (date: CivilDate, amount: number, unit: Unit): CivilDate => {
  if (unit === "month") return addMonths(date, amount);
  if (unit === "year") return addMonths(date, amount * 12);
  return addDays(date, amount * (unit === "week" ? 7 : 1));
};

/** The first day of the unit that is so many units from the running one. */
export const startOfUnit = (unit: Unit, ahead: number, context: CalendarContext): CivilDate => {
  if (unit === "week") return addDays(startOfWeek(context), ahead * 7);
  if (unit === "year") return { year: context.today.year + ahead, month: 1, day: 1 };
  return unit === "month" ? addMonths({ ...context.today, day: 1 }, ahead) : addDays(context.today, ahead);
};

export const endOfUnit = (unit: Unit, ahead: number, context: CalendarContext): CivilDate =>
  addDays(startOfUnit(unit, ahead + 1, context), -1);

export const isDate = ({ year, month, day }: CivilDate): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** The next year from this one on in which a day of the year is not before today. */
export const yearOf = (month: number, day: number, today: CivilDate): number =>
  compareCivil({ year: today.year, month, day }, today) < 0 ? today.year + 1 : today.year;

/** The n-th such weekday of a month, from its end when negative; undefined when it has none. */
export const nthWeekday = (nth: number, weekday: number, year: number, month: number): CivilDate | undefined => {
  const length = daysInMonth(year, month);
  const first = (weekday - weekdayOf({ year, month, day: 1 }) + 7) % 7;
  const last = length - ((weekdayOf({ year, month, day: length }) - weekday + 7) % 7);
  const day = nth > 0 ? first + 1 + (nth - 1) * 7 : last + (nth + 1) * 7;
  return day >= 1 && day <= length ? { year, month, day } : undefined;
};
