import { addDays, type Civil, civilToMs, dateOf, isDateTime } from "../civil.ts";
import { offsetAt, toCivil, toInstant } from "../time-zone.ts";
import { nextAtOrAfter, occurrences } from "./occurrences.ts";
import type { Schedule } from "./schedule.ts";

/** An occurrence and the instant (epoch ms) it has in a zone: of its time, or of the start of an all-day one. */
export interface PlacedOccurrence {
  readonly occurrence: Civil;
  readonly instant: number;
}

/**
 * When an occurrence is due (epoch ms); null for an all-day one, which is a date and no instant. @throws
 * UnknownTimeZone
 */
export function dueAt(occurrence: Civil, zone: string): number | null {
  return isDateTime(occurrence) ? toInstant(zone, occurrence) : null;
}

/**
 * The occurrence whose instant is the first after another instant (epoch ms), or null. An all-day occurrence has the
 * instant its day starts.
 * @throws RecurrenceError `too_complex`, UnknownTimeZone
 */
export function nextAfterInstant(schedule: Schedule, zone: string, instant: number): PlacedOccurrence | null {
  return changesNear(zone, instant)
    ? nextAcrossChange(schedule, zone, instant)
    : nextOnSteadyClock(schedule, zone, instant);
}

const day = 24 * 3_600_000;

/**
 * Whether the zone's clocks change within a day: only then can the order of wall-clock times differ from that of
 * instants.
 */
function changesNear(zone: string, instant: number): boolean {
  const offset = offsetAt(zone, instant);
  return offsetAt(zone, instant - day) !== offset || offsetAt(zone, instant + day) !== offset;
}

function nextOnSteadyClock(schedule: Schedule, zone: string, instant: number): PlacedOccurrence | null {
  const now = toCivil(zone, instant);
  const next = nextAtOrAfter(schedule, { ...now, ms: now.ms + 1 });
  return next === null ? null : { occurrence: next, instant: toInstant(zone, next) };
}

/**
 * A time in a gap is later than its wall clock says, and one in a fold earlier than the second pass. So the search
 * starts a day early and compares instants, until a day on no occurrence can be earlier than the best.
 */
function nextAcrossChange(schedule: Schedule, zone: string, instant: number): PlacedOccurrence | null {
  const from = addDays(dateOf(toCivil(zone, instant)), -1);
  let best: PlacedOccurrence | null = null;
  for (const occurrence of occurrences(schedule, { from })) {
    if (best !== null && civilToMs(occurrence) > civilToMs(best.occurrence) + day) break;
    const placed = { occurrence, instant: toInstant(zone, occurrence) };
    if (placed.instant > instant && (best === null || placed.instant < best.instant)) best = placed;
  }
  return best;
}
