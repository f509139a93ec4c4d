import { addDays } from "../../time/calendar.ts";
import { civilOf, instantOf, kindOf, type Clock } from "../../time/due-date.ts";

/** How long before a due date, as the parts of an ISO 8601 duration. */
export interface Offset {
  readonly months: number;
  readonly days: number;
  readonly minutes: number;
}

export const units = ["minutes", "hours", "days", "weeks"] as const;
export type Unit = (typeof units)[number];

const duration = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?$/;

/** Reads a duration as the server writes it: `PT15M`, `P1D`, `P1DT2H`. Seconds are below what a reminder shows. */
export const offsetOf = (iso: string): Offset => {
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = (duration.exec(iso) ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  return { months: years * 12 + months, days: weeks * 7 + days, minutes: hours * 60 + minutes };
};

const letters: Record<Unit, (amount: number) => string> = {
  minutes: (amount) => `PT${amount}M`,
  hours: (amount) => `PT${amount}H`,
  days: (amount) => `P${amount}D`,
  weeks: (amount) => `P${amount}W`,
};

export const isoOf = (amount: number, unit: Unit): string => (amount === 0 ? "PT0S" : letters[unit](amount));

/** The longest the server takes. */
export const longest: Record<Unit, number> = { minutes: 527_040, hours: 8784, days: 366, weeks: 52 };

export const isSameOffset = (one: string, other: string): boolean => {
  const [a, b] = [offsetOf(one), offsetOf(other)];
  return a.months === b.months && a.days === b.days && a.minutes === b.minutes;
};

/** `9` is `09:00`. */
export const hourText = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

/**
 * The instant so long before a due date; null for months, which the server counts. Days go back on the wall clock of
 * the user's zone, minutes exactly; a whole day counts as due at the user's hour (0–23).
 */
export const momentBefore = (
  due: string,
  offset: string,
  { zone }: Pick<Clock, "zone">,
  allDayHour: number,
): string | null => {
  const { months, days, minutes } = offsetOf(offset);
  if (months > 0) return null;
  const base = days === 0 && kindOf(due) === "instant" ? due : instantOf(daysBefore(due, days, zone, allDayHour), zone);
  return new Date(Date.parse(base) - minutes * 60_000).toISOString();
};

const daysBefore = (due: string, days: number, zone: string, allDayHour: number): string => {
  const civil = civilOf(due, zone);
  const time = civil.length > 10 ? civil.slice(11) : hourText(allDayHour);
  return `${addDays(civil.slice(0, 10), -days)}T${time}`;
};
