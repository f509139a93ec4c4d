import type { Priority, Task } from "../../../../src/contract/task.ts";
import { addDays, nextWeekAfter, type WeekStart } from "../../time/calendar.ts";
import { clockAt, dayOf, isOverdue, type CivilDay } from "../../time/due-date.ts";

/** What is counted of completed tasks: pure, over what this device knows. Days are the user's. */

export const punctualities = ["onTime", "late", "undated"] as const;
/** A whole day is in time until it ends, a time until it has passed. */
export type Punctuality = (typeof punctualities)[number];

export interface Completion {
  readonly day: CivilDay;
  readonly priority: Priority;
  readonly punctuality: Punctuality;
}

export const ranges = [30, 90, 365] as const;
export type Range = (typeof ranges)[number];

/** The last `days` days, today included. */
export interface Period {
  readonly today: CivilDay;
  readonly days: number;
}

/** Every task that was completed. What was skipped was not, and what is in the trash counts no longer. */
export const completionsOf = (tasks: Iterable<Task>, zone: string): Completion[] =>
  [...tasks].flatMap(({ completed, completed_at, deleted_at, occurrence_outcome, priority, due_date }) => {
    if (!completed || completed_at === null || deleted_at !== null || occurrence_outcome === "skipped") return [];
    return { day: dayOf(completed_at, zone), priority, punctuality: punctualityOf(due_date, completed_at, zone) };
  });

const punctualityOf = (due: string | null, completedAt: string, zone: string): Punctuality => {
  if (due === null) return "undated";
  return isOverdue(due, clockAt(new Date(completedAt), zone)) ? "late" : "onTime";
};

export const firstDayOf = ({ today, days }: Period): CivilDay => addDays(today, 1 - days);

export const within = (completions: readonly Completion[], period: Period): Completion[] => {
  const first = firstDayOf(period);
  return completions.filter(({ day }) => day >= first && day <= period.today);
};

export interface DayCount {
  readonly day: CivilDay;
  readonly count: number;
}

/** Each day of the period, oldest first, also those on which nothing was completed. */
export const perDay = (completions: readonly Completion[], period: Period): DayCount[] => {
  const counts = Map.groupBy(completions, ({ day }) => day);
  return daysOf(period).map((day) => ({ day, count: counts.get(day)?.length ?? 0 }));
};

const daysOf = (period: Period): CivilDay[] => {
  const first = firstDayOf(period);
  return Array.from({ length: period.days }, (_, index) => addDays(first, index));
};

export type WeekCount = { readonly week: CivilDay } & Readonly<Record<Punctuality, number>>;

/** Each week that the period touches, by its first day, oldest first; only days of the period count. */
export const perWeek = (completions: readonly Completion[], period: Period, weekStart: WeekStart): WeekCount[] => {
  const weekOf = (day: CivilDay): CivilDay => addDays(nextWeekAfter(day, weekStart), -7);
  const weeks = new Set(daysOf(period).map(weekOf));
  const counts = Map.groupBy(within(completions, period), ({ day }) => weekOf(day));
  return [...weeks].map((week) => ({ week, ...byPunctuality(counts.get(week) ?? []) }));
};

export const byPunctuality = (completions: readonly Completion[]): Record<Punctuality, number> => ({
  onTime: completions.filter(({ punctuality }) => punctuality === "onTime").length,
  late: completions.filter(({ punctuality }) => punctuality === "late").length,
  undated: completions.filter(({ punctuality }) => punctuality === "undated").length,
});

export interface PriorityCount {
  readonly priority: Priority;
  readonly count: number;
}

export const byPriority = (completions: readonly Completion[]): PriorityCount[] =>
  (["high", "medium", "low"] as const).map((priority) => ({
    priority,
    count: completions.filter((each) => each.priority === priority).length,
  }));

/** The share of those with a date that were in time, from 0 to 1; null when none had a date. */
export const onTimeShare = (completions: readonly Completion[]): number | null => {
  const { onTime, late } = byPunctuality(completions);
  return onTime + late === 0 ? null : onTime / (onTime + late);
};

export interface Streaks {
  readonly current: number;
  readonly best: number;
}

/**
 * Days in a row on which something was completed. Today is not over: without a completion yet it does not end the
 * current one.
 */
export const streaksOf = (completions: readonly Completion[], today: CivilDay): Streaks => {
  const days = new Set(completions.map(({ day }) => day));
  const starts = [...days].filter((day) => !days.has(addDays(day, -1)));
  const end = days.has(today) ? today : addDays(today, -1);
  return { current: lengthUntil(days, end), best: Math.max(0, ...starts.map((start) => lengthFrom(days, start))) };
};

const lengthFrom = (days: ReadonlySet<CivilDay>, start: CivilDay): number => {
  let length = 0;
  while (days.has(addDays(start, length))) length += 1;
  return length;
};

const lengthUntil = (days: ReadonlySet<CivilDay>, end: CivilDay): number => {
  let length = 0;
  while (days.has(addDays(end, -length))) length += 1;
  return length;
};
