import { daysFromCivil } from "../civil.ts";
import { weekStartOf } from "./schedule.ts";

/**
 * The day on which week 1 of a year starts: the first week with at least four days in it (ISO 8601, with WKST for
 * Monday).
 */
export function firstWeekOf(year: number, weekStart: number): number {
  return weekStartOf(daysFromCivil(year, 1, 4), weekStart);
}

/** How many numbered weeks a year has: 52 or 53. */
export function weeksIn(year: number, weekStart: number): number {
  return (firstWeekOf(year + 1, weekStart) - firstWeekOf(year, weekStart)) / 7;
}

/**
 * The days of a calendar year that lie in weeks of these numbers, ascending. A week that reaches over New Year gives
 * each year its own days, so that years stay apart and in order.
 */
export function daysOfWeeks(year: number, numbers: readonly number[], weekStart: number): number[] {
  const [first, end] = [daysFromCivil(year, 1, 1), daysFromCivil(year + 1, 1, 1)];
  const days = new Set<number>();
  for (const weekYear of [year - 1, year, year + 1]) {
    const [start, weeks] = [firstWeekOf(weekYear, weekStart), weeksIn(weekYear, weekStart)];
    for (const number of numbers) {
      const week = number > 0 ? number : weeks + number + 1;
      if (week < 1 || week > weeks) continue;
      for (let day = start + (week - 1) * 7; day < start + week * 7; day += 1)
        if (day >= first && day < end) days.add(day);
    }
  }
  return [...days].toSorted((a, b) => a - b);
}
