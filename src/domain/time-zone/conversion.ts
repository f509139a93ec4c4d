import { type Civil, type CivilDate, type CivilDateTime, civilFromMs, civilToMs } from "../civil.ts";
import { offsetUntil, zoneOf } from "./zone.ts";

/**
 * Milliseconds east of UTC that a zone's clocks show at an instant (epoch ms). Years after the data's end follow the
 * zone's last rule.
 * @throws UnknownTimeZone
 */
export function offsetAt(zone: string, instant: number): number {
  const data = zoneOf(zone);
  return offsetUntil(data.untils, data, instant);
}

/**
 * The wall-clock time of a zone at an instant (epoch ms).
 * @throws UnknownTimeZone
 */
export function toCivil(zone: string, instant: number): CivilDateTime {
  return civilFromMs(instant + offsetAt(zone, instant));
}

/**
 * The instant (epoch ms) of a wall-clock time, a date being its midnight. A time the zone skips is read with the offset
 * before the gap, which moves it forward by the gap's length; a time it has twice is the first one (RFC 5545 §3.3.5).
 * @throws UnknownTimeZone
 */
export function toInstant(zone: string, civil: Civil): number {
  return civilMsToInstant(zone, civilToMs(civil));
}

/** `toInstant` for civil milliseconds. */
export function civilMsToInstant(zone: string, civilMs: number): number {
  const data = zoneOf(zone);
  return civilMs - offsetUntil(data.wallUntils, data, civilMs);
}

/**
 * The first instant (epoch ms) of a date in a zone; where midnight is skipped, the end of the gap.
 * @throws UnknownTimeZone
 */
export function startOfDay(zone: string, date: CivilDate): number {
  return toInstant(zone, { year: date.year, month: date.month, day: date.day });
}
