import type { QuietHours } from "../../contract/notification.ts";
import { addDays, type CivilDate } from "../civil.ts";
import { toCivil, toInstant } from "../time-zone.ts";

/**
 * When the quiet hours end that hold at an instant (both epoch ms); undefined when none hold. They are wall-clock times
 * of the zone: a time the zone skips moves forward, one it has twice is the first.
 */
export const endOfQuiet = ({ start, end }: QuietHours, zone: string, instant: number): number | undefined => {
  const today = toCivil(zone, instant);
  for (const day of [addDays(today, -1), today]) {
    const from = at(zone, day, start);
    const until = at(zone, end > start ? day : addDays(day, 1), end);
    if (from <= instant && instant < until) return until;
  }
  return undefined;
};

const at = (zone: string, { year, month, day }: CivilDate, time: string): number => {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return toInstant(zone, { year, month, day, hour, minute, second: 0, ms: 0 });
};
