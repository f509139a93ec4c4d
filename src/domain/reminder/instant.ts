import { addDays, type CivilDate, type CivilDateTime, daysInMonth } from "../civil.ts";
import { type DueDate, dueSpan } from "../due-date.ts";
import { toCivil } from "../time-zone.ts";
import type { Offset } from "./offset.ts";

/** What the instant of a reminder depends on beside the due date. */
export interface ReminderClock {
  /** The user's IANA zone. */
  readonly zone: string;
  /** The hour (0–23) at which an all-day task counts as due. */
  readonly allDayHour: number;
}

/**
 * The instant (epoch ms) of a reminder so long before a due date. Months and days go back on the wall clock of the
 * user's zone, so that a day before 09:00 is 09:00 also where clocks change; hours and less are exact. An all-day task
 * is due at the user's hour.
 */
export const instantBefore = (due: DueDate, { months, days, ms }: Offset, clock: ReminderClock): number => {
  if (due.kind === "instant" && months === 0 && days === 0) return due.at - ms;
  const wallClock = wallClockOf(due, clock);
  const date = addDays(monthsBefore(wallClock, months), -days);
  return dueSpan({ kind: "wall-clock", at: { ...wallClock, ...date } }, clock.zone).dueAt - ms;
};

const wallClockOf = (due: DueDate, { zone, allDayHour }: ReminderClock): CivilDateTime => {
  if (due.kind === "instant") return toCivil(zone, due.at);
  return due.kind === "wall-clock" ? due.at : { ...due.date, hour: allDayHour, minute: 0, second: 0, ms: 0 };
};

/** A month has no 31st: its last day stands for it. */
const monthsBefore = ({ year, month, day }: CivilDate, months: number): CivilDate => {
  const counted = year * 12 + month - 1 - months;
  const [newYear, newMonth] = [Math.floor(counted / 12), (counted % 12) + 1];
  return { year: newYear, month: newMonth, day: Math.min(day, daysInMonth(newYear, newMonth)) };
};
