import type { PreviewQuery, RecurrencePreview } from "../../../contract/recurrence.ts";
import { invalidField } from "../../../contract/problem.ts";
import { type CivilDate, compareCivil, dateOf, formatCivil, parseCivilDate } from "../../../domain/civil.ts";
import { requireDueDate, whyNoDate } from "../../../domain/due-date.ts";
import { canonical, occurrences, parsePattern, RecurrenceError, sentence } from "../../../domain/recurrence.ts";
import { accepted, civilDue, refusedPattern } from "../../../domain/series/series-rule.ts";
import { toInstant } from "../../../domain/time-zone.ts";

const USUAL_COUNT = 5;

/**
 * The next dates of a pattern, in words and as instants. @throws DomainError a 422 that names the part that is wrong
 */
export const previewRecurrence = (query: PreviewQuery, zone: string): RecurrencePreview => {
  const due = requireDueDate("due_date", query.due_date);
  const parsed = accepted(parsePattern(query.pattern, civilDue(due, zone), zone), "pattern");
  const endDate = readDate("end_date", query.end_date);
  const range = { from: readDate("from", query.from), count: query.count ?? USUAL_COUNT };
  const dates = searched(() => [...occurrences(parsed.schedule, range)]).filter(
    (date) => endDate === undefined || compareCivil(dateOf(date), endDate) <= 0,
  );
  return {
    rrule: canonical(parsed.rule),
    text: sentence(parsed.rule),
    occurrences: dates.map((date) => ({
      occurrence_date: formatCivil(date),
      due_at: new Date(toInstant(zone, date)).toISOString(),
    })),
    warnings: [...parsed.warnings],
  };
};

const readDate = (field: string, text: string | undefined): CivilDate | undefined => {
  const date = text === undefined ? undefined : parseCivilDate(text);
  if (text !== undefined && date === undefined) throw invalidField(field, whyNoDate(text));
  return date;
};

const searched = <T>(search: () => T): T => {
  try {
    return search();
  } catch (error) {
    throw error instanceof RecurrenceError ? refusedPattern(error.problem, "pattern") : error;
  }
};
