import { type Civil, type CivilDateTime, dateOf, isDateTime, parseCivil } from "../civil.ts";
import { toCivil, toInstant } from "../time-zone.ts";
import { RecurrenceError } from "./recurrence-error.ts";

/** UNTIL as it is written: a date, a wall-clock time, or a time in UTC (`Z`). */
export interface UntilText {
  readonly civil: Civil;
  readonly utc: boolean;
}

const untilPattern = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;

/** @throws RecurrenceError */
export function readUntil(value: string): UntilText {
  const match = untilPattern.exec(value);
  const [, year, month, day, hour, minute, second, z] = match ?? [];
  const time = hour === undefined ? "" : `T${hour}:${minute}:${second}`;
  const civil = match === null ? undefined : parseCivil(`${year}-${month}-${day}${time}`);
  if (civil === undefined) {
    throw new RecurrenceError(
      "bad_part",
      `UNTIL=${value}`,
      `UNTIL is a date (20261231) or a time (20261231T090000, 20261231T080000Z), not "${value.slice(0, 40)}"`,
    );
  }
  return { civil, utc: z === "Z" };
}

/**
 * UNTIL in the anchor's own kind, as RFC 5545 wants it: a date beside a date, a wall-clock time beside a wall-clock
 * time. A date beside a timed anchor includes the whole day.
 */
export function untilBesideAnchor({ civil, utc }: UntilText, anchor: Civil, zone: string): Civil {
  const local = utc ? toCivil(zone, toInstant("UTC", civil)) : civil;
  if (!isDateTime(anchor)) return dateOf(local);
  return isDateTime(local) ? local : endOfDay(local);
}

function endOfDay({ year, month, day }: Civil): CivilDateTime {
  return { year, month, day, hour: 23, minute: 59, second: 59, ms: 0 };
}

/** `20261231` or `20261231T090000`. */
export function printUntil(until: Civil): string {
  const pad = (value: number, width = 2): string => String(value).padStart(width, "0");
  const date = `${pad(until.year, 4)}${pad(until.month)}${pad(until.day)}`;
  return isDateTime(until) ? `${date}T${pad(until.hour)}${pad(until.minute)}${pad(until.second)}` : date;
}
