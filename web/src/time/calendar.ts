import type { CivilDay } from "./due-date.ts";

export type WeekStart = "monday" | "sunday" | "saturday";

const dayMs = 24 * 3600 * 1000;
const weekdayNumber: Record<WeekStart, number> = { sunday: 0, monday: 1, saturday: 6 };

/** Arithmetic on UTC's calendar, which has no DST: a civil day is only a label in it. */
const utcOf = (day: CivilDay): Date => new Date(`${day}T00:00:00Z`);
const labelOf = (date: Date): CivilDay => date.toISOString().slice(0, 10);

export const addDays = (day: CivilDay, days: number): CivilDay =>
  labelOf(new Date(utcOf(day).getTime() + days * dayMs));

/** 0 for Sunday to 6 for Saturday. */
export const weekdayOf = (day: CivilDay): number => utcOf(day).getUTCDay();

export const daysBetween = (from: CivilDay, to: CivilDay): number =>
  Math.round((utcOf(to).getTime() - utcOf(from).getTime()) / dayMs);

/** The next Saturday; today when it is one. On a Sunday the coming one, for this weekend is nearly over. */
export const weekendAfter = (day: CivilDay): CivilDay => addDays(day, (6 - weekdayOf(day) + 7) % 7);

/** The first day of next week. */
export const nextWeekAfter = (day: CivilDay, weekStart: WeekStart): CivilDay =>
  addDays(day, 7 - positionInWeek(day, weekStart));

/** The first of the month `months` away. */
export const addMonths = (day: CivilDay, months: number): CivilDay => {
  const date = utcOf(day);
  return labelOf(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)));
};

const positionInWeek = (day: CivilDay, weekStart: WeekStart): number =>
  (weekdayOf(day) - weekdayNumber[weekStart] + 7) % 7;

/** Six weeks that contain the month of `day`, always 42 days, so that the grid keeps its height. */
export const monthGrid = (day: CivilDay, weekStart: WeekStart): CivilDay[] => {
  const first = `${day.slice(0, 7)}-01`;
  const start = addDays(first, -positionInWeek(first, weekStart));
  return Array.from({ length: 42 }, (_, index) => addDays(start, index));
};
