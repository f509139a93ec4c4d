import type { Task } from "../../contract/task.ts";
import { civilToMs, formatCivil, isDateTime, type Civil, civilFromMs, dateOf, msPerDay } from "../civil.ts";
import { type DueDate, formatDueDate, parseDueDate } from "../due-date.ts";
import { canonical, occurrences, type RecurrenceRule } from "../recurrence.ts";
import { toInstant } from "../time-zone.ts";
import type { SeriesContext } from "./draft.ts";
import { placeOf, zoneOf } from "./occurrence.ts";
import { civilDue, seriesOf } from "./series-rule.ts";

/** The rule of a series as it goes on from one of its occurrences: the same dates, and what is left of COUNT. */
export const patternFrom = (task: Task, occurrence: Task, context: SeriesContext): string | null => {
  const series = seriesOf(task);
  if (series === null) return null;
  const { rule } = series.schedule;
  if (rule.count === null) return `RRULE:${canonical(rule)}`;
  const had =
    series.basis === "completion"
      ? context.occurrencesMade(task.id) - 1
      : countBefore(series.schedule, placeOf(occurrence));
  return `RRULE:${canonical({ ...rule, count: Math.max(1, rule.count - had) } satisfies RecurrenceRule)}`;
};

const countBefore = (schedule: Parameters<typeof occurrences>[0], place: Civil): number => {
  let count = 0;
  for (const date of occurrences(schedule, { until: place })) if (civilToMs(date) < civilToMs(place)) count += 1;
  return count;
};

/**
 * The anchor of a series when one of its occurrences is moved and all others with it: as many days later, at the new
 * time.
 */
export const movedAnchor = (series: Task, occurrence: Task, dueDate: string): string => {
  const [anchor, due] = [series.due_date, dueDate].map((text) => (text === null ? undefined : parseDueDate(text)));
  if (anchor === undefined || due === undefined) return dueDate;
  const zone = zoneOf(series);
  const to = civilDue(due, zone);
  const days = dayNumber(to) - dayNumber(placeOf(occurrence)) + dayNumber(civilDue(anchor, zone));
  return formatDueDate(inKindOf(due, atDay(to, days), zone));
};

const dayNumber = (civil: Civil): number => civilToMs(dateOf(civil)) / msPerDay;

const atDay = (civil: Civil, days: number): Civil => {
  const midnight = civilFromMs(days * msPerDay);
  return isDateTime(civil) ? { ...civil, ...dateOf(midnight) } : dateOf(midnight);
};

const inKindOf = ({ kind }: DueDate, civil: Civil, zone: string): DueDate => {
  if (kind === "instant") return { kind, at: toInstant(zone, civil) };
  return isDateTime(civil) ? { kind: "wall-clock", at: civil } : { kind: "date", date: civil };
};

/** The day before a date by the rule: the last one of a series that goes on as another from there. */
export const dayBefore = (occurrence: Task): string =>
  formatCivil(dateOf(civilFromMs((dayNumber(placeOf(occurrence)) - 1) * msPerDay)));
