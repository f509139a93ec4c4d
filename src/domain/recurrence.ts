export { canonical } from "./recurrence/canonical.ts";
export { dueAt, nextAfterInstant } from "./recurrence/instants.ts";
export {
  createSchedule,
  isOccurrence,
  nextAfter,
  nextAtOrAfter,
  occurrences,
  occurrencesBetween,
  previousAtOrBefore,
  previousBefore,
} from "./recurrence/occurrences.ts";
export { movePattern } from "./recurrence/moved-pattern.ts";
export { parsePattern, type ParsedPattern } from "./recurrence/pattern.ts";
export { RecurrenceError, type RecurrenceProblem } from "./recurrence/recurrence-error.ts";
export type { RecurrenceRule } from "./recurrence/rule.ts";
export { hasOneTimeADay, type Schedule } from "./recurrence/schedule.ts";
export { sentence } from "./recurrence/sentence.ts";
export {
  atTimeOfRule,
  dateOnDayOf,
  firstDate,
  followingDate,
  nextToCome,
  planSeries,
  type Series,
  type SeriesProgress,
} from "./recurrence/series.ts";
export { refuseUnusual } from "./recurrence/usual-bounds.ts";
