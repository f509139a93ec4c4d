import { civilFromDays, daysFromCivil, msPerDay } from "../civil.ts";
import { matchingDaysOfMonth, matchingDaysOfYear } from "./matching-days.ts";
import { positionsIn, type Schedule, weekStartOf } from "./schedule.ts";
import type { StepBudget } from "./step-budget.ts";

/**
 * The occurrences of one year, month or week, ascending: each unit with each offset, or the positions BYSETPOS chooses
 * of them.
 */
export interface Block {
  readonly size: number;
  /** The civil milliseconds of the i-th occurrence. */
  at(index: number): number;
}

/** The number of the block that holds a moment (civil ms), counted from the anchor's: 0, 1, … Negative before it. */
export function blockNumber(schedule: Schedule, civilMs: number): number {
  const days = Math.floor(civilMs / msPerDay);
  const anchorDays = Math.floor(schedule.start / msPerDay);
  const { interval, weekStart } = schedule.rule;
  if (schedule.block === "week") {
    return Math.floor((weekStartOf(days, weekStart) - weekStartOf(anchorDays, weekStart)) / 7 / interval);
  }
  const { year, month } = civilFromDays(days);
  if (schedule.block === "year") return Math.floor((year - schedule.anchor.year) / interval);
  return Math.floor(((year - schedule.anchor.year) * 12 + month - schedule.anchor.month) / monthsPerBlock(schedule));
}

/** DAILY and HOURLY look at every month, their interval being one of days or hours. */
const monthsPerBlock = ({ rule }: Schedule): number => (rule.freq === "MONTHLY" ? rule.interval : 1);

/**
 * How many blocks it takes for the calendar (400 years, which are whole weeks) and the interval to meet again: when so
 * many in a row are empty, all are.
 */
export function blocksInCycle({ block, rule }: Schedule): number {
  if (block === "week") return 20_871;
  if (block === "year") return 400;
  return rule.freq === "MONTHLY" ? 4800 : 4800 * rule.interval;
}

/** The block of a number from `blockNumber`. */
export function blockAt(schedule: Schedule, number: number, budget: StepBudget): Block {
  budget.spend(1);
  return blockOf(schedule, unitsOf(schedule, number, budget));
}

function unitsOf(schedule: Schedule, number: number, budget: StepBudget): number[] {
  const { anchor, rule } = schedule;
  if (schedule.block === "week") return daysOfWeek(schedule, number);
  if (schedule.block === "year") return matchingDaysOfYear(schedule, anchor.year + number * rule.interval, budget);
  const months = anchor.year * 12 + anchor.month - 1 + number * monthsPerBlock(schedule);
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  return rule.freq === "MONTHLY"
    ? matchingDaysOfMonth(schedule, year, month, budget)
    : intervalsOfMonth(schedule, year, month, budget);
}

function daysOfWeek(schedule: Schedule, number: number): number[] {
  const { interval, weekStart, byDay } = schedule.rule;
  const first = weekStartOf(Math.floor(schedule.start / msPerDay), weekStart) + number * interval * 7;
  const days = byDay.map(({ weekday }) => first + ((weekday - weekStart + 7) % 7)).toSorted((a, b) => a - b);
  const { months } = schedule;
  return months === null ? days : days.filter((day) => months[civilFromDays(day).month] === true);
}

/**
 * DAILY and HOURLY: the matching days of a month, or their hours, that lie a multiple of the interval after the anchor.
 */
function intervalsOfMonth(schedule: Schedule, year: number, month: number, budget: StepBudget): number[] {
  const { interval } = schedule.rule;
  const perDay = msPerDay / schedule.unit;
  const first = daysFromCivil(year, month, 1) * perDay;
  const anchor = Math.floor(schedule.start / schedule.unit);
  const phase = (((anchor - first) % interval) + interval) % interval;
  if (phase >= 31 * perDay) return [];
  const days = matchingDaysOfMonth(schedule, year, month, budget);
  const units = perDay === 1 ? days : hoursOf(schedule, days, budget);
  return interval === 1 ? units : units.filter((unit) => (unit - first) % interval === phase);
}

function hoursOf(schedule: Schedule, days: number[], budget: StepBudget): number[] {
  const { byHour } = schedule.rule;
  const hours = byHour.length > 0 ? byHour : everyHour;
  budget.spend(days.length * hours.length);
  return days.flatMap((day) => hours.map((hour) => day * 24 + hour));
}

const everyHour = Array.from({ length: 24 }, (_, hour) => hour);

function blockOf({ unit, offsets, positions }: Schedule, units: number[]): Block {
  const at = (index: number): number =>
    (units[Math.floor(index / offsets.length)] as number) * unit + (offsets[index % offsets.length] as number);
  const size = units.length * offsets.length;
  if (positions.length === 0) return { size, at };
  const chosen = positionsIn(size, positions);
  return { size: chosen.length, at: (index) => at(chosen[index] as number) };
}

/** The index of a block's first occurrence at or after a moment (civil ms); its size when there is none. */
export function indexAtOrAfter(block: Block, civilMs: number): number {
  let low = 0;
  let high = block.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (block.at(middle) >= civilMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
