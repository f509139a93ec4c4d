export { canonical } from "./recurrence/canonical.ts";
export {
  createSchedule, firstOccurrence, isOccurrence, nextAfter, nextAtOrAfter, type OccurrenceRange, occurrences, occurrencesBetween, previousAtOrBefore,
} from "./recurrence/occurrences.ts";
export { parsePattern, type ParsedPattern, type RecurrenceWarning } from "./recurrence/pattern.ts";
export { RecurrenceError, type RecurrenceErrorCode, type RecurrenceProblem } from "./recurrence/recurrence-error.ts";
export type { RecurrenceRule } from "./recurrence/rule.ts";
export type { Schedule } from "./recurrence/schedule.ts";
export { sentence } from "./recurrence/sentence.ts";
