import { addDays } from "../time/calendar.ts";
import type { Clock } from "../time/due-date.ts";
import { text } from "./messages.ts";

export interface SnoozeChoice {
  readonly label: string;
  /** Given the present in epoch milliseconds, an instant or a wall-clock time of the user. */
  readonly until: (now: number) => string;
}

const evening = "18:00";
const morning = "09:00";
const inMinutes =
  (minutes: number) =>
  (now: number): string =>
    new Date(now + minutes * 60_000).toISOString();

/** The usual ways to put something off; the evening is none when it has begun. */
export const snoozeChoices = ({ day, time }: Clock): SnoozeChoice[] => [
  { label: text.in10Minutes, until: inMinutes(10) },
  { label: text.in1Hour, until: inMinutes(60) },
  ...(time.slice(11) < evening ? [{ label: text.thisEvening(evening), until: () => `${day}T${evening}` }] : []),
  { label: text.tomorrowMorning(morning), until: () => `${addDays(day, 1)}T${morning}` },
];
