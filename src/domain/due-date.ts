import { invalidField } from "../contract/problem.ts";
import { addDays, type CivilDate, type CivilDateTime, formatCivil, isDateTime, parseCivil } from "./civil.ts";
import { startOfDay, toInstant } from "./time-zone.ts";

/** The three kinds of due date; each keeps the kind it was given (spec §2). */
export type DueDate =
  | { readonly kind: "date"; readonly date: CivilDate }
  | { readonly kind: "wall-clock"; readonly at: CivilDateTime }
  | { readonly kind: "instant"; readonly at: number };

/** When a due date begins and when it is overdue, in milliseconds since the epoch. */
export interface DueSpan {
  readonly dueAt: number;
  readonly overdueAt: number;
}

const OFFSET = /(?:[zZ]|[+-]\d{2}:\d{2})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[tT ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[zZ]|[+-]\d{2}:\d{2})$/;

/** Reads a due date of any kind; undefined when it is none, or names a day or an hour that no calendar has. */
export const parseDueDate = (text: string): DueDate | undefined => {
  if (OFFSET.test(text) && text.includes(":")) return parseInstant(text);
  const civil = parseCivil(text);
  if (civil === undefined || civil.year < FIRST_YEAR) return undefined;
  return isDateTime(civil) ? { kind: "wall-clock", at: { ...civil, ms: 0 } } : { kind: "date", date: civil };
};

const parseInstant = (text: string): DueDate | undefined => {
  if (!INSTANT.test(text)) return undefined;
  const wallClock = parseCivil(
    text
      .replace(OFFSET, "")
      .replace(/[t ]/, "T")
      .replace(/\.\d+$/, ""),
  );
  const [, offsetHours = "0", offsetMinutes = "0"] = /[+-](\d{2}):(\d{2})$/.exec(text) ?? [];
  if (wallClock === undefined || wallClock.year < FIRST_YEAR || Number(offsetHours) > 23 || Number(offsetMinutes) > 59)
    return undefined;
  const at = Date.parse(text.toUpperCase().replace(" ", "T"));
  return Number.isNaN(at) || at > LAST_INSTANT ? undefined : { kind: "instant", at };
};

/** Nothing is due before people had today's calendar and clocks; an earlier year is a slip of the finger. */
const FIRST_YEAR = 1900;
/** 9999-12-31T23:59:59.999Z: later years have no four-digit form. */
const LAST_INSTANT = 253_402_300_799_999;

/**
 * Reads a due date of any kind.
 * @throws DomainError a 422 that names the field, and says whether the day, the time or the form is at fault
 */
export const requireDueDate = (field: string, text: string): DueDate => {
  const due = parseDueDate(text);
  if (due === undefined) throw invalidField(field, whyNoDueDate(text));
  return due;
};

/** The instants of a due date that a client sent. @throws DomainError as `requireDueDate` */
export const readDueSpan = (field: string, text: string, zone: string): DueSpan =>
  dueSpan(requireDueDate(field, text), zone);

const PARTS = /^(\d{4})-(\d{2})-(\d{2})(?:[tT ](\d{2}:\d{2}(?::\d{2})?))?/;

/** What is wrong with a text that is no due date, in words for people. */
export const whyNoDueDate = (text: string): string => {
  const [written, year = "", month = "", day = "", time] = PARTS.exec(text) ?? [];
  if (written === undefined) return dueDateForms;
  const date = `${year}-${month}-${day}`;
  if (parseCivil(date) === undefined) return `${date} is no such day`;
  if (Number(year) < FIRST_YEAR) return `must lie between ${FIRST_YEAR}-01-01 and 9999-12-31, and ${date} does not`;
  if (time !== undefined && parseCivil(`${date}T${time}`) === undefined) return `${time} is no such time`;
  return dueDateForms;
};

/** What is wrong with a text that is no date, in words for people. */
export const whyNoDate = (text: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text} is no such day` : "must be a date, such as 2026-03-01";

const dueDateForms =
  "must be a date (2026-03-01), a wall-clock time (2026-03-01T09:00) or an instant (2026-03-01T09:00:00Z)";

/** The canonical text: `2026-03-01`, `2026-03-01T09:00`, `2026-03-01T09:00:00.000Z`. */
export const formatDueDate = (due: DueDate): string => {
  if (due.kind === "instant") return new Date(due.at).toISOString();
  return formatCivil(due.kind === "date" ? due.date : due.at);
};

/** The instants of a due date for a user in `zone`. A day is overdue when it is over; a time, when it has come. */
export const dueSpan = (due: DueDate, zone: string): DueSpan => {
  switch (due.kind) {
    case "instant":
      return momentSpan(due.at);
    case "wall-clock":
      return momentSpan(toInstant(zone, due.at));
    case "date":
      return { dueAt: startOfDay(zone, due.date), overdueAt: writable(startOfDay(zone, addDays(due.date, 1))) };
  }
};

const momentSpan = (at: number): DueSpan => ({ dueAt: writable(at), overdueAt: writable(at) });

/**
 * West of Greenwich, and for the end of a day, the last day of the calendar reaches into a year that cannot be written.
 */
const writable = (at: number): number => Math.min(at, LAST_INSTANT);
