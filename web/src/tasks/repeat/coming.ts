import type { PreviewQuery } from "../../../../src/contract/recurrence.ts";
import type { Task } from "../../../../src/contract/task.ts";
import type { CivilDay } from "../../time/due-date.ts";

/** What to ask the server for the dates that come of a series. */
export interface Coming {
  readonly query: PreviewQuery;
  /** The dates of the answer count from after this one. */
  readonly after: string;
}

export const isByCompletion = ({ recurrence_basis }: Task): boolean => recurrence_basis === "completion";

const shownDates = 4;

/**
 * The dates of a series after `after`; null when it has none. By completion, what is known is the one date that would
 * follow if the occurrence were completed `today`, which is a day in the series' own zone: the pattern is read anew
 * from the day of completion.
 */
export const comingOf = (series: Task, after: string, today: CivilDay): Coming | null => {
  const { recurrence_pattern: pattern, due_date: due } = series;
  if (pattern == null || due === null) return null;
  return isByCompletion(series) ? ifCompleted(series, pattern, after, today) : bySchedule(series, pattern, due, after);
};

const bySchedule = (series: Task, pattern: string, due: string, after: string): Coming => ({
  query: { pattern, due_date: due, count: shownDates + 1, ...fromOf(series, after), ...boundsOf(series) },
  after,
});

/**
 * The first date of the answer may be `after` itself, which is the day of completion or the occurrence, whichever is
 * later.
 */
const ifCompleted = (series: Task, pattern: string, occurrence: string, today: CivilDay): Coming => {
  const completed = `${today}${occurrence.slice(10)}`;
  const after = completed > occurrence ? completed : occurrence;
  return { query: { pattern, due_date: completed, count: 2, ...fromOf(series, after), ...boundsOf(series) }, after };
};

/** Dates before the end of a pause are passed over. */
const fromOf = ({ recurrence_paused_until }: Task, after: string): Pick<PreviewQuery, "from"> => {
  const day = after.slice(0, 10);
  const from = recurrence_paused_until != null && recurrence_paused_until > day ? recurrence_paused_until : day;
  return from === "" ? {} : { from };
};

const boundsOf = ({
  recurrence_end_date,
  recurrence_time_zone,
}: Task): Pick<PreviewQuery, "end_date" | "time_zone"> => ({
  ...(recurrence_end_date == null ? {} : { end_date: recurrence_end_date }),
  ...(recurrence_time_zone == null ? {} : { time_zone: recurrence_time_zone }),
});

/** As many of the dates that were answered as are shown. */
export const shownOf = ({ after }: Coming, dates: readonly string[]): string[] =>
  dates.filter((date) => date > after).slice(0, shownDates);
