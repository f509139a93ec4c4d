import { type Civil, civilFromMs, civilToMs, dateOf } from "../civil.ts";
import { type Block, blockAt, blockNumber, blocksInCycle, indexAtOrAfter } from "./block.ts";
import type { RecurrenceRule } from "./rule.ts";
import { type Schedule, uncountedSchedule } from "./schedule.ts";
import { countBudget, searchBudget } from "./step-budget.ts";

/**
 * Binds a rule to its anchor. COUNT is turned into the date of its last occurrence here, once, so that every search
 * after it starts where it is wanted.
 * @throws RecurrenceError `too_complex` when COUNT's last occurrence cannot be found within the budget
 */
export function createSchedule(rule: RecurrenceRule, anchor: Civil): Schedule {
  const schedule = uncountedSchedule(rule, anchor);
  return rule.count === null ? schedule : { ...schedule, end: endOfCount(schedule, rule.count) };
}

function endOfCount(schedule: Schedule, count: number): number {
  if (schedule.offsets.length === 0) return schedule.end;
  const budget = countBudget();
  const last = blockNumber(schedule, schedule.end);
  let left = count;
  for (let number = 0; number <= last; number += 1) {
    const block = blockAt(schedule, number, budget);
    const first = number === 0 ? indexAtOrAfter(block, schedule.start) : 0;
    if (first + left <= block.size) return block.at(first + left - 1);
    left -= block.size - first;
  }
  return schedule.end;
}

/**
 * Which occurrences: `after` excludes its moment, `from` and `until` include theirs. A date beside a timed schedule is
 * its midnight.
 */
export interface OccurrenceRange {
  readonly from?: Civil | undefined;
  readonly after?: Civil | undefined;
  readonly until?: Civil | undefined;
  readonly count?: number | undefined;
}

/**
 * The occurrences of a schedule in order, lazily; each is a date, or a wall-clock time when the anchor is one.
 * @throws RecurrenceError `too_complex` when the next one cannot be found within the budget
 */
export function* occurrences(schedule: Schedule, range: OccurrenceRange = {}): Generator<Civil, void, undefined> {
  const from = Math.max(
    range.from === undefined ? schedule.start : civilToMs(range.from),
    range.after === undefined ? schedule.start : civilToMs(range.after) + 1,
  );
  const end = range.until === undefined ? schedule.end : Math.min(schedule.end, civilToMs(range.until));
  let left = range.count ?? Infinity;
  if (left <= 0) return;
  for (const civilMs of occurrenceMs(schedule, from, end)) {
    yield toCivil(schedule, civilMs);
    left -= 1;
    if (left <= 0) return;
  }
}

function* occurrenceMs(schedule: Schedule, from: number, end: number): Generator<number, void, undefined> {
  let found = firstBlock(schedule, Math.max(from, schedule.start), end);
  while (found !== undefined) {
    for (let { index } = found; index < found.block.size; index += 1) {
      const civilMs = found.block.at(index);
      if (civilMs > end) return;
      yield civilMs;
    }
    found = nextBlock(schedule, found.number + 1, end);
  }
}

interface Found {
  readonly number: number;
  readonly block: Block;
  readonly index: number;
}

function firstBlock(schedule: Schedule, from: number, end: number): Found | undefined {
  if (from > end || schedule.offsets.length === 0) return undefined;
  const number = Math.max(blockNumber(schedule, from), 0);
  const block = blockAt(schedule, number, searchBudget());
  const index = indexAtOrAfter(block, from);
  return index < block.size ? { number, block, index } : nextBlock(schedule, number + 1, end);
}

function nextBlock(schedule: Schedule, from: number, end: number): Found | undefined {
  const budget = searchBudget();
  const last = Math.min(blockNumber(schedule, end), from + blocksInCycle(schedule));
  for (let number = from; number <= last; number += 1) {
    const block = blockAt(schedule, number, budget);
    if (block.size > 0) return { number, block, index: 0 };
  }
  return undefined;
}

function toCivil(schedule: Schedule, civilMs: number): Civil {
  const civil = civilFromMs(civilMs);
  return schedule.allDay ? dateOf(civil) : civil;
}

function firstFrom(schedule: Schedule, from: number): Civil | null {
  const found = firstBlock(schedule, Math.max(from, schedule.start), schedule.end);
  const civilMs = found?.block.at(found.index);
  return civilMs === undefined || civilMs > schedule.end ? null : toCivil(schedule, civilMs);
}

/** The first occurrence, or null when there is none. @throws RecurrenceError `too_complex` */
export function firstOccurrence(schedule: Schedule): Civil | null {
  return firstFrom(schedule, schedule.start);
}

/**
 * The first occurrence after a moment, or null. Costs the same however long ago the anchor was.
 * @throws RecurrenceError `too_complex`
 */
export function nextAfter(schedule: Schedule, civil: Civil): Civil | null {
  return firstFrom(schedule, civilToMs(civil) + 1);
}

/** The first occurrence at or after a moment, or null. @throws RecurrenceError `too_complex` */
export function nextAtOrAfter(schedule: Schedule, civil: Civil): Civil | null {
  return firstFrom(schedule, civilToMs(civil));
}

/** The last occurrence at or before a moment, or null. @throws RecurrenceError `too_complex` */
export function previousAtOrBefore(schedule: Schedule, civil: Civil): Civil | null {
  return lastTo(schedule, civilToMs(civil));
}

/** The last occurrence before a moment, or null. @throws RecurrenceError `too_complex` */
export function previousBefore(schedule: Schedule, civil: Civil): Civil | null {
  return lastTo(schedule, civilToMs(civil) - 1);
}

function lastTo(schedule: Schedule, to: number): Civil | null {
  if (schedule.offsets.length === 0) return null;
  const end = Math.min(to, schedule.end);
  const budget = searchBudget();
  for (let number = blockNumber(schedule, end); number >= 0; number -= 1) {
    const block = blockAt(schedule, number, budget);
    const index = indexAtOrAfter(block, end + 1) - 1;
    if (index >= 0) return block.at(index) < schedule.start ? null : toCivil(schedule, block.at(index));
  }
  return null;
}

/** Every occurrence from one moment to another, both included. @throws RecurrenceError `too_complex` */
export function occurrencesBetween(schedule: Schedule, from: Civil, until: Civil): Civil[] {
  return [...occurrences(schedule, { from, until })];
}

/** Whether a moment is an occurrence. */
export function isOccurrence(schedule: Schedule, civil: Civil): boolean {
  const next = nextAtOrAfter(schedule, civil);
  return next !== null && civilToMs(next) === civilToMs(civil);
}
