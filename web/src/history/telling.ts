import type { AuditEntry } from "../../../src/contract/audit.ts";
import type { Changes } from "../../../src/contract/event.ts";
import type { TaskReminder } from "../../../src/contract/reminder.ts";

/** What an entry tells: pure, the words are elsewhere. */

export type Happening =
  | "added"
  | "addedNext"
  | "changed"
  | "moved"
  | "completed"
  | "skipped"
  | "reopened"
  | "trashed"
  | "restored"
  | "removed"
  | "reminded";
type Told = Pick<AuditEntry, "event_type" | "changes">;

/** What happened to the task, above the single fields. */
export const happeningOf = ({ event_type, changes }: Told): Happening => {
  switch (event_type) {
    case "task.created":
      return changes.parent_recurring_task_id === undefined ? "added" : "addedNext";
    case "task.completed":
      return "completed";
    case "task.deleted":
      return changes.deleted_at === undefined ? "removed" : "trashed";
    case "task.reminder.triggered":
      return "reminded";
    case "task.updated":
      return updateOf(changes);
  }
};

const updateOf = (changes: Changes): Happening => {
  if (isClockMove(changes)) return "moved";
  if (changes.deleted_at !== undefined) return "restored";
  if (changes.occurrence_outcome?.new === "skipped") return "skipped";
  return changes.status?.new === "pending" ? "reopened" : "changed";
};

/** What follows the user's clock and is changed by nothing else alone. */
const followingClock = ["due_at", "reminders", "recurrence_time_zone", "time_zone", "all_day_hour"];

/**
 * Whether a task only followed its user to another zone or hour of all-day reminders. Earlier entries do not say where
 * to, and are known by what they changed.
 */
const isClockMove = (changes: Changes): boolean => {
  if (changes.time_zone !== undefined || changes.all_day_hour !== undefined) return true;
  const isByDueDate =
    changes.due_at !== undefined && Object.keys(changes).every((field) => followingClock.includes(field));
  return isByDueDate && wantedOf(changes.reminders?.old) === wantedOf(changes.reminders?.new);
};

/** Where the user moved: the place that an IANA zone is named after, or the hour of their all-day reminders. */
export const destinationOf = ({ time_zone, all_day_hour }: Changes): { place: string } | { hour: number } | null => {
  if (typeof time_zone?.new === "string")
    return { place: (time_zone.new.split("/").at(-1) ?? "").replaceAll("_", " ") };
  return typeof all_day_hour?.new === "number" ? { hour: all_day_hour.new } : null;
};

/** The fields worth showing, in order. Others follow from them, or are the server's own bookkeeping. */
export const shownFields = [
  "title",
  "description",
  "due_date",
  "priority",
  "tags",
  "reminders",
  "recurrence_text",
  "recurrence_end_date",
  "recurrence_basis",
  "recurrence_catch_up",
  "recurrence_paused_until",
] as const;
export type ShownField = (typeof shownFields)[number];

export interface FieldChange {
  readonly field: ShownField;
  readonly old: unknown;
  readonly new: unknown;
}

/** True for what reads as nothing. */
export const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

/**
 * What differs in the fields that are shown. What a new task has from the start is no change of it: its title, and a
 * medium priority.
 */
export const fieldChanges = ({ event_type, changes }: Told): FieldChange[] =>
  shownFields.flatMap((field) => {
    const change = changes[field];
    if (change === undefined || (isNothing(change.old) && isNothing(change.new))) return [];
    if (event_type === "task.created" && isUsual(field, change.new)) return [];
    if (field === "reminders" && wantedOf(change.old) === wantedOf(change.new)) return [];
    return { field, old: change.old, new: change.new };
  });

/** What the user wants of reminders. That they moved with the due date is said by the due date. */
const wantedOf = (value: unknown): string =>
  JSON.stringify(
    remindersOf(value).map(({ id, offset, remind_at, acknowledged_at }) => [
      id,
      offset ?? remind_at,
      acknowledged_at !== null,
    ]),
  );

export const remindersOf = (value: unknown): readonly TaskReminder[] =>
  Array.isArray(value) ? (value as TaskReminder[]) : [];

const isUsual = (field: ShownField, value: unknown): boolean =>
  field === "title" || (field === "priority" && value === "medium");

/** Whether there is a change that can be taken back, or a state to go back to. */
export const canRevert = (entry: Told): boolean => !["removed", "reminded", "moved"].includes(happeningOf(entry));
