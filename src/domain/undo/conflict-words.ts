import type { Task } from "../../contract/task.ts";
import { fieldNames } from "../field-names.ts";

/** A task that somebody has changed since. */
export interface Conflict {
  readonly id: string;
  /** As it is called now. */
  readonly title: string;
  readonly fields: readonly (keyof Task)[];
  /** What was done to it, in words. */
  readonly what: readonly string[];
}

const MOST_NAMED = 5;

/** `“Pay rent” (renamed, new due date) and “Call Ada” (completed) have changed since`. */
export const conflictsInWords = (conflicts: readonly Conflict[]): string => {
  const named = conflicts.slice(0, MOST_NAMED).map(({ title, what }) => `“${title}” (${what.join(", ")})`);
  const others = conflicts.length - named.length;
  const all = others === 0 ? named : [...named, `${others} more`];
  const list = all.length === 1 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
  return `${list} ${all.length === 1 ? "has" : "have"} changed since`;
};

/** What was done to a task, by the fields that are others now. */
export const editsInWords = (fields: readonly (keyof Task)[], current: Task): readonly string[] => [
  ...new Set(fields.map((field) => editInWords(field, current))),
];

const editInWords = (field: keyof Task, current: Task): string => {
  switch (field) {
    case "title":
      return "renamed";
    case "status":
    case "completed_at":
      return current.completed ? "completed" : "reopened";
    case "deleted_at":
      return current.deleted_at === null ? "brought back from the trash" : "moved to the trash";
    case "occurrence_outcome":
      return current.occurrence_outcome === "skipped" ? "skipped" : "another place in its series";
    case "due_at":
      return "another due date";
    case "reminders":
      return "other reminders";
    default:
      return `another ${fieldNames.get(field) ?? (field.startsWith("recurrence_") ? "repetition" : field.replaceAll("_", " "))}`;
  }
};
