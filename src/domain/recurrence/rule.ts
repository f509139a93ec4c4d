import type { Civil } from "../civil.ts";

export const frequencies = ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type Frequency = (typeof frequencies)[number];

/** RFC 5545's names of the weekdays, by their number: 0 = Monday. */
export const weekdayCodes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

/**
 * One entry of BYDAY: every such weekday (`ordinal` 0), or the n-th of the month or year, from its end when negative.
 */
export interface WeekdayPart {
  readonly weekday: number;
  readonly ordinal: number;
}

/**
 * A rule of RFC 5545 §3.3.10, complete in itself: the weekday, day and month that a rule leaves to its DTSTART are
 * filled in (the time of day is not), UNTIL is on the wall clock, and lists are in order (1, 2, … and then -2, -1)
 * without repeats. An empty list is an absent part.
 */
export interface RecurrenceRule {
  readonly freq: Frequency;
  readonly interval: number;
  readonly count: number | null;
  /** Inclusive; a date when the anchor is one. */
  readonly until: Civil | null;
  readonly byMonth: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byMonthDay: readonly number[];
  readonly byDay: readonly WeekdayPart[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  readonly bySecond: readonly number[];
  readonly bySetPos: readonly number[];
  /** WKST: 0 = Monday … 6 = Sunday. */
  readonly weekStart: number;
}

/** A rule that repeats every unit, with nothing else said. */
export function plainRule(freq: Frequency, parts: Partial<RecurrenceRule> = {}): RecurrenceRule {
  return {
    freq,
    interval: 1,
    count: null,
    until: null,
    byMonth: [],
    byWeekNo: [],
    byYearDay: [],
    byMonthDay: [],
    byDay: [],
    byHour: [],
    byMinute: [],
    bySecond: [],
    bySetPos: [],
    weekStart: 0,
    ...parts,
  };
}

/** Each number once, those counted from the end last: 1, 15, -1. */
export function inOrder(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => Number(a < 0) - Number(b < 0) || a - b);
}
