import { DomainError, invalidField } from "../../contract/problem.ts";
import type { Task, Warning } from "../../contract/task.ts";
import { type Civil, type CivilDate, compareCivil, dateOf, parseCivilDate } from "../civil.ts";
import { type DueDate, parseDueDate, whyNoDate } from "../due-date.ts";
import {
  canonical,
  createSchedule,
  type ParsedPattern,
  parsePattern,
  RecurrenceError,
  type RecurrenceProblem,
  refuseUnusual,
  sentence,
  type Series,
} from "../recurrence.ts";
import { toCivil } from "../time-zone.ts";

/**
 * Whether a task is a series, also one that was ended: it carries the rule, and its occurrences are tasks of their own.
 */
export const isSeries = (task: Pick<Task, "recurrence_basis">): boolean => task.recurrence_basis != null;

/** What a series' dates follow from. */
export const ruleFieldNames = [
  "recurrence_pattern",
  "due_date",
  "recurrence_time_zone",
  "recurrence_end_date",
  "recurrence_basis",
  "recurrence_catch_up",
  "recurrence_paused_until",
] as const satisfies readonly (keyof Task)[];
export type RuleFields = Pick<Task, (typeof ruleFieldNames)[number]>;

type AcceptedPattern = Extract<ParsedPattern, { ok: true }>;

/** One decision asks for the rule of the same task many times, and reading it is most of the work. */
const rulesRead = new WeakMap<RuleFields, Series | null>();

/** The rule of a series, ready to be planned; null when it was ended. */
export const seriesOf = (task: RuleFields): Series | null => {
  const known = rulesRead.get(task);
  if (known !== undefined) return known;
  const series = readSeries(task);
  rulesRead.set(task, series);
  return series;
};

const readSeries = (task: RuleFields): Series | null => {
  if (task.recurrence_pattern == null) return null;
  const zone = task.recurrence_time_zone ?? "UTC";
  const parsed = parsePattern(task.recurrence_pattern, anchorOf(task.due_date, zone), zone);
  if (!parsed.ok) throw new Error(`a series was kept with a pattern that is none: ${parsed.error.message}`);
  const { count } = parsed.rule;
  return {
    pattern: task.recurrence_pattern,
    schedule:
      count === null ? parsed.schedule : createSchedule({ ...parsed.rule, count: null }, parsed.schedule.anchor),
    count,
    zone,
    basis: task.recurrence_basis ?? "schedule",
    catchUp: task.recurrence_catch_up ?? "latest",
    endDate: civilDate(task.recurrence_end_date),
    pausedUntil: civilDate(task.recurrence_paused_until),
  };
};

const civilDate = (text: string | null | undefined): CivilDate | null =>
  text == null ? null : (parseCivilDate(text) ?? null);

/** The due date on the wall clock of a zone: a date for an all-day one. */
export const civilDue = (due: DueDate, zone: string): Civil =>
  due.kind === "instant" ? toCivil(zone, due.at) : due.kind === "date" ? due.date : due.at;

/** @throws DomainError without a due date, which a series needs to begin at */
const anchorOf = (text: string | null, zone: string): Civil => {
  const due = text === null ? undefined : parseDueDate(text);
  if (due === undefined) throw invalidField("due_date", "a task that repeats needs a due date to begin at");
  return civilDue(due, zone);
};

/**
 * The fields of a series that has a pattern, checked and completed, and what its user should know of them.
 * @param mayEnd a series that goes on as another one may have ended before its first date, and takes other edits
 */
export const readRule = (
  wanted: RuleFields & { readonly recurrence_pattern: string },
  zone: string,
  mayEnd: "not before its first date" | "anywhere",
): { fields: Partial<Task>; warnings: readonly Warning[] } => {
  const anchor = anchorOf(wanted.due_date, zone);
  const parsed = accepted(parsePattern(wanted.recurrence_pattern, anchor, zone));
  const endDate = readDate("recurrence_end_date", wanted.recurrence_end_date);
  readDate("recurrence_paused_until", wanted.recurrence_paused_until);
  if (mayEnd === "not before its first date" && endDate !== null && compareCivil(dateOf(parsed.first), endDate) > 0)
    throw invalidField("recurrence_end_date", "is before the first date, so that the task would never come");
  const fields = {
    recurrence_pattern: wanted.recurrence_pattern.trim(),
    recurrence_rule: canonical(parsed.rule),
    recurrence_text: sentence(parsed.rule),
    recurrence_end_date: wanted.recurrence_end_date ?? null,
    recurrence_basis: wanted.recurrence_basis ?? "schedule",
    recurrence_catch_up: wanted.recurrence_catch_up ?? "latest",
    recurrence_paused_until: wanted.recurrence_paused_until ?? null,
    recurrence_time_zone: zone,
  } as const;
  return { fields, warnings: parsed.warnings };
};

/** @throws DomainError a 422 that names the part of the pattern that is wrong, or its bound */
export const accepted = (parsed: ParsedPattern, field = "recurrence_pattern"): AcceptedPattern => {
  if (!parsed.ok) throw refusedPattern(parsed.error, field);
  try {
    refuseUnusual(parsed.rule);
    return parsed;
  } catch (error) {
    throw error instanceof RecurrenceError ? refusedPattern(error.problem, field) : error;
  }
};

/** The 422 of a pattern; `part` is what is wrong in it. */
export const refusedPattern = ({ code, part, message }: RecurrenceProblem, field = "recurrence_pattern"): DomainError =>
  new DomainError("validation", `${field}: ${message}`, {
    errors: [{ field, message }],
    members: { part, reason: code },
  });

const readDate = (field: string, text: string | null | undefined): CivilDate | null => {
  if (text == null) return null;
  const date = parseCivilDate(text);
  if (date === undefined) throw invalidField(field, whyNoDate(text));
  return date;
};

/**
 * @param before what it was, which may be sent back as it is
 * @throws DomainError for a pause that is over before it begins
 */
export const refusePastPause = (
  pausedUntil: string | null | undefined,
  before: string | null | undefined,
  { now, zone }: { readonly now: number; readonly zone: string },
): void => {
  if (pausedUntil == null || pausedUntil === before) return;
  const date = readDate("recurrence_paused_until", pausedUntil);
  if (date !== null && compareCivil(date, dateOf(toCivil(zone, now))) < 0)
    throw invalidField("recurrence_paused_until", `${pausedUntil} is in the past; send a later date, or null to go on`);
};
