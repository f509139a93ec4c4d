import type { AuditEntry } from "../../contract/audit.ts";

const columns = [
  "timestamp",
  "event_type",
  "task_id",
  "task_title",
  "task_version",
  "user_id",
  "actor_kind",
  "actor_id",
  "actor_name",
  "sequence",
  "changes",
  "correlation_id",
  "event_id",
  "hash",
] as const;

/** The first line of the file. */
export const csvHeader = columns.join(",");

/** An entry as a line of CSV (RFC 4180), without its end. */
export const csvLine = (entry: AuditEntry): string => {
  const { actor, changes, ...fields } = entry;
  const values = {
    ...fields,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    changes: JSON.stringify(changes),
  };
  return columns.map((column) => csvField(values[column])).join(",");
};

/** What a spreadsheet would take for a formula begins with one of these (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A value as a field: a text that could be a formula gets an apostrophe before it, which spreadsheets do not show. */
export const csvField = (value: string | number | null): string => {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) || text !== value ? `"${text.replaceAll('"', '""')}"` : text;
};
