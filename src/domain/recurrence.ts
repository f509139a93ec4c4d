export { canonical } from "./recurrence/canonical.ts";
export { dueAt, nextAfterInstant, type PlacedOccurrence } from "./recurrence/instants.ts";
export {
  createSchedule, firstOccurrence, isOccurrence, nextAfter, nextAtOrAfter, type OccurrenceRange, occurrences, occurrencesBetween, previousAtOrBefore, previousBefore,
} from "./recurrence/occurrences.ts";
export { parsePattern, type ParsedPattern, type RecurrenceWarning } from "./recurrence/pattern.ts";
export { RecurrenceError, type RecurrenceErrorCode, type RecurrenceProblem } from "./recurrence/recurrence-error.ts";
export type { RecurrenceRule } from "./recurrence/rule.ts";
export type { Schedule } from "./recurrence/schedule.ts";
export { sentence } from "./recurrence/sentence.ts";
export { planSeries, type Series, type SeriesPlan, type SeriesProgress } from "./recurrence/series.ts";
