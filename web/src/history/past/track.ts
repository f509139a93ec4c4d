import { addDays, daysBetween } from "../../time/calendar.ts";
import { civilTimeAt, dayOf, instantOf } from "../../time/due-date.ts";

/** The way of a slider through the past: its steps and the instants they stand for. */
export interface Track {
  /** The last step is the present. */
  readonly steps: number;
  readonly momentAt: (step: number) => string;
  readonly stepOf: (moment: string) => number;
  /** Whether a step is a day, or shorter. */
  readonly isDaily: boolean;
}

/** What is known of the past, RFC 3339 instants. */
export interface Known {
  readonly since: string;
  readonly until: string;
}

const fewestDays = 3;
const quarterMs = 15 * 60_000;

/** Day by day at the time of `moment`; an account of a few days by the quarter of an hour. */
export const trackThrough = (known: Known, moment: string, zone: string): Track => {
  const days = daysBetween(dayOf(known.since, zone), dayOf(known.until, zone));
  return days < fewestDays
    ? byQuarters(known)
    : byDays(known, days, civilTimeAt(new Date(moment), zone).slice(11), zone);
};

/** The instant itself, or the end of the known past that it lies beyond. */
export const clamped = (moment: string, { since, until }: Known): string => {
  if (Date.parse(moment) < Date.parse(since)) return since;
  return Date.parse(moment) > Date.parse(until) ? until : moment;
};

const byDays = (known: Known, steps: number, time: string, zone: string): Track => {
  const first = dayOf(known.since, zone);
  return {
    steps,
    isDaily: true,
    momentAt: (step) =>
      step >= steps ? known.until : clamped(instantOf(`${addDays(first, step)}T${time}`, zone), known),
    stepOf: (moment) => daysBetween(first, dayOf(clamped(moment, known), zone)),
  };
};

const byQuarters = (known: Known): Track => {
  const start = Date.parse(known.since);
  return {
    steps: Math.max(1, Math.ceil((Date.parse(known.until) - start) / quarterMs)),
    isDaily: false,
    momentAt: (step) => clamped(new Date(start + step * quarterMs).toISOString(), known),
    stepOf: (moment) => Math.ceil((Date.parse(clamped(moment, known)) - start) / quarterMs),
  };
};
