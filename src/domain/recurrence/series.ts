import { addDays, type Civil, type CivilDate, civilFromMs, civilToMs, compareCivil, dateOf } from "../civil.ts";
import { startOfDay, toCivil, toInstant } from "../time-zone.ts";
import { type DateSearch, nextAfterCompletion } from "./after-completion.ts";
import { nextAfter, nextAtOrAfter, occurrences, previousBefore } from "./occurrences.ts";
import { hasOneTimeADay, type Schedule } from "./schedule.ts";

/** A series as far as its dates are concerned. */
export interface Series {
  /** The pattern as the user wrote it; with the basis `completion` it is read anew beside each completion. */
  readonly pattern: string;
  /** Without COUNT, which is a number of times done and not of dates by the rule. */
  readonly schedule: Schedule;
  /** How often it is done in all; null without COUNT. Whoever makes dates keeps to it: a plan does not know. */
  readonly count: number | null;
  readonly zone: string;
  readonly basis: "schedule" | "completion";
  readonly catchUp: "latest" | "all";
  /** The last date an occurrence may have. */
  readonly endDate: CivilDate | null;
  /** The first date on which the series goes on. */
  readonly pausedUntil: CivilDate | null;
}

/** What has been made of a series so far. */
export interface SeriesProgress {
  /** The latest occurrence there is or was; null before the first. */
  readonly last: Civil | null;
  /** When it was completed or skipped (epoch ms); null while it is open. */
  readonly lastClosedAt: number | null;
}

/** What has to be done now, and when to look again. */
export interface SeriesPlan {
  /** Occurrences that must exist, in order, and do not. */
  readonly make: readonly Civil[];
  /** The first and the last date that catching up with `latest` leaves out; null when none. */
  readonly passedOver: { readonly first: Civil; readonly last: Civil } | null;
  /** The instant (epoch ms) at which time alone makes another occurrence necessary; null when only a completion can. */
  readonly wakeAt: number | null;
  /** Whether no occurrence will ever follow those made. */
  readonly ended: boolean;
}

/** More dates than this are made in several plans, each saying to look again at once. */
const mostAtOnce = 500;

/**
 * The occurrences a series must have at an instant (epoch ms) and does not have yet.
 *
 * With the basis `schedule` there is always one that is still to come: the next one is made when the latest is closed,
 * or when its own time has come. Times that passed meanwhile are made up for: all of them, or the newest. With the
 * basis `completion` the next one is counted from the day the latest was closed, and time alone makes none.
 * @throws RecurrenceError `too_complex`, UnknownTimeZone
 */
export function planSeries(series: Series, progress: SeriesProgress, now: number): SeriesPlan {
  const resumesAt = series.pausedUntil === null ? null : startOfDay(series.zone, series.pausedUntil);
  if (resumesAt !== null && now < resumesAt) return { ...nothing, wakeAt: resumesAt };
  if (progress.last === null) return planFirst(series, now);
  return series.basis === "completion"
    ? planAfterCompletion(series, progress, progress.last)
    : planAfter(series, progress, progress.last, now);
}

const nothing: SeriesPlan = { make: [], passedOver: null, wakeAt: null, ended: false };
const ended: SeriesPlan = { ...nothing, ended: true };

function planFirst(series: Series, now: number): SeriesPlan {
  const first = firstDate(series);
  if (first === null) return ended;
  if (series.basis === "completion") return { ...nothing, make: [first] };
  const rest = planAfter(series, { last: first, lastClosedAt: null }, first, now);
  return { ...rest, make: [first, ...rest.make] };
}

/** A moment, or the day a pause ends where that is later. */
const fromPause = ({ pausedUntil }: Series, moment: Civil): Civil =>
  pausedUntil !== null && compareCivil(pausedUntil, moment) > 0 ? pausedUntil : moment;

/** The occurrence, unless the series has ended before it. */
const allowed = ({ endDate }: Series, occurrence: Civil | null): Civil | null =>
  occurrence !== null && endDate !== null && compareCivil(dateOf(occurrence), endDate) > 0 ? null : occurrence;

/**
 * The first allowed date after the settled ones whose time has not come: what a series goes on with when its rule has
 * been changed. Where the rule has one time a day, the whole day of a settled date is settled. An all-day date may be
 * today's.
 * @throws RecurrenceError `too_complex`, UnknownTimeZone
 */
export function nextToCome(series: Series, settled: Civil | null, now: number): Civil | null {
  const wallClock = toCivil(series.zone, now);
  const start = fromPause(series, series.schedule.allDay ? dateOf(wallClock) : { ...wallClock, ms: wallClock.ms + 1 });
  const after = settled === null ? null : lastMomentOf(series, settled);
  const isBeyond = after !== null && compareCivil(after, start) >= 0;
  return allowed(series, isBeyond ? nextAfter(series.schedule, after) : nextAtOrAfter(series.schedule, start));
}

const lastMomentOf = ({ schedule }: Series, date: Civil): Civil =>
  hasOneTimeADay(schedule) ? { ...dateOf(date), hour: 23, minute: 59, second: 59, ms: 999 } : date;

/** The date a series begins with. @throws RecurrenceError `too_complex` */
export function firstDate(series: Series): Civil | null {
  return allowed(series, nextAtOrAfter(series.schedule, fromPause(series, series.schedule.anchor)));
}

/** The allowed date that follows another. @throws RecurrenceError `too_complex` */
export function followingDate(series: Series, date: Civil): Civil | null {
  return nextOf(series, date);
}

/** The date a rule with one time a day has on the day of another; null when it has none, or several times a day. */
export function dateOnDayOf({ schedule }: Series, other: Civil): Civil | null {
  if (!hasOneTimeADay(schedule)) return null;
  const date = nextAtOrAfter(schedule, dateOf(other));
  return date !== null && civilToMs(dateOf(date)) === civilToMs(dateOf(other)) ? date : null;
}

/** The day of another date at the time a rule has; null where it has several times a day. */
export function atTimeOfRule({ schedule }: Series, other: Civil): Civil | null {
  const [offset] = schedule.offsets;
  if (!hasOneTimeADay(schedule) || offset === undefined) return null;
  const day = dateOf(other);
  return schedule.allDay ? day : civilFromMs(civilToMs(day) + offset);
}

/** Goes on in the order of the wall clock, so that a change of the clocks cannot lose a date. */
function planAfter(series: Series, progress: SeriesProgress, last: Civil, now: number): SeriesPlan {
  const lastInstant = toInstant(series.zone, last);
  if (progress.lastClosedAt === null && lastInstant > now) return { ...nothing, wakeAt: lastInstant };
  const settled = lastMomentOf(series, last);
  const { missed, passedOver } = missedSince(series, settled, now);
  if (missed.length === mostAtOnce) return { ...nothing, make: missed, wakeAt: now };
  const next = nextOf(series, missed.at(-1) ?? settled);
  if (next === null) return { make: missed, passedOver, wakeAt: null, ended: true };
  return { make: [...missed, next], passedOver, wakeAt: toInstant(series.zone, next), ended: false };
}

/** The allowed occurrence that follows another. */
const nextOf = (series: Series, last: Civil): Civil | null =>
  unpaused(series, nextAfter(series.schedule, last), (day) => nextAtOrAfter(series.schedule, day));

/** The date found unless it is in a pause: then the one found from the day the series goes on. */
const unpaused = (series: Series, date: Civil | null, find: DateSearch): Civil | null => {
  const { pausedUntil } = series;
  const isInPause = date !== null && pausedUntil !== null && compareCivil(date, pausedUntil) < 0;
  return allowed(series, isInPause ? find(pausedUntil) : date);
};

interface Missed extends Pick<SeriesPlan, "passedOver"> {
  readonly missed: readonly Civil[];
}

/** The allowed occurrences after `last` whose time has come, as the series wants to catch up with them. */
function missedSince(series: Series, last: Civil, now: number): Missed {
  const first = nextOf(series, last);
  if (first === null || toInstant(series.zone, first) > now) return { missed: [], passedOver: null };
  if (series.catchUp === "all") return { missed: allSince(series, first, now), passedOver: null };
  const newest = newestSince(series, first, now);
  if (compareCivil(first, newest) >= 0) return { missed: [first], passedOver: null };
  return { missed: [newest], passedOver: { first, last: previousBefore(series.schedule, newest) ?? first } };
}

function allSince(series: Series, first: Civil, now: number): Civil[] {
  const missed: Civil[] = [];
  for (const occurrence of occurrences(series.schedule, { from: first, count: mostAtOnce })) {
    if (toInstant(series.zone, occurrence) > now || allowed(series, occurrence) === null) break;
    missed.push(occurrence);
  }
  return missed;
}

/** Starts a day late, for a zone whose clocks went back, and steps back to the newest whose instant has come. */
function newestSince(series: Series, first: Civil, now: number): Civil {
  const tomorrow = addDays(dateOf(toCivil(series.zone, now)), 1);
  const dayAfterEnd = series.endDate === null ? null : addDays(series.endDate, 1);
  const before = dayAfterEnd !== null && compareCivil(dayAfterEnd, tomorrow) < 0 ? dayAfterEnd : addDays(tomorrow, 1);
  let newest = previousBefore(series.schedule, before);
  while (newest !== null && toInstant(series.zone, newest) > now) newest = previousBefore(series.schedule, newest);
  return newest ?? first;
}

function planAfterCompletion(series: Series, progress: SeriesProgress, last: Civil): SeriesPlan {
  if (progress.lastClosedAt === null) return nothing;
  const completed = toCivil(series.zone, progress.lastClosedAt);
  const { date, from } = nextAfterCompletion(series, lastMomentOf(series, last), completed);
  const next = unpaused(series, date, from);
  return next === null ? ended : { ...nothing, make: [next] };
}
