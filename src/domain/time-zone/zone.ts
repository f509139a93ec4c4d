import { daysFromCivil, msPerDay } from "../civil.ts";
import { type Transitions, unpackZone } from "./packed-zone.ts";
import { calendarCycleYears, extendByLastRule } from "./yearly-rule.ts";
import { canonicalZone, packedZone } from "./zone-names.ts";

/** A decoded zone. `offsets[i]` holds before `untils[i]`, the last one after all of them. */
export interface Zone {
  readonly untils: Float64Array;
  readonly offsets: Float64Array;
  /** Wall-clock time at which `offsets[i]` stops being the answer: the end of the gap, or of the fold's first pass. */
  readonly wallUntils: Float64Array;
  /** Whether the last 400 years of changes repeat for ever. */
  readonly endless: boolean;
}

/** The IANA database has no zone of this name. */
export class UnknownTimeZone extends RangeError {
  readonly code = "unknown_time_zone";
  readonly zone: string;

  constructor(zone: string) {
    super(`unknown time zone ${JSON.stringify(zone.slice(0, 100))}`);
    this.name = "UnknownTimeZone";
    this.zone = zone;
  }
}

const decoded = new Map<string, Zone>();

/**
 * The zone of a name, decoded once.
 * @throws UnknownTimeZone
 */
export function zoneOf(name: string): Zone {
  const zone = decoded.get(name);
  return zone ?? decode(name);
}

function decode(name: string): Zone {
  const canonical = canonicalZone(name);
  const line = canonical === undefined ? undefined : packedZone(canonical);
  if (canonical === undefined || line === undefined) throw new UnknownTimeZone(name);
  const known = decoded.get(canonical);
  if (known !== undefined) return known;
  const zone = zoneFrom(unpackZone(line));
  decoded.set(canonical, zone);
  return zone;
}

function zoneFrom(known: Transitions): Zone {
  const extended = extendByLastRule(known);
  const { untils, offsets } = extended ?? known;
  const wallUntils = untils.map((until, i) => until + Math.max(offsets[i] as number, offsets[i + 1] as number));
  return {
    untils: Float64Array.from(untils),
    offsets: Float64Array.from(offsets),
    wallUntils: Float64Array.from(wallUntils),
    endless: extended !== undefined,
  };
}

const cycleMs = daysFromCivil(1970 + calendarCycleYears, 1, 1) * msPerDay;

/** The offset at `time`, where `bounds` (`untils` or `wallUntils`) are the moments at which each offset ends. */
export function offsetUntil(bounds: Float64Array, zone: Zone, time: number): number {
  const last = bounds[bounds.length - 1];
  const beyond = zone.endless && last !== undefined && time >= last;
  const sought = beyond ? time - Math.ceil((time - last + 1) / cycleMs) * cycleMs : time;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sought < (bounds[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return zone.offsets[low] as number;
}
