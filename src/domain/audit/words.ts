import type { Change, Changes, EventType } from "../../contract/event.ts";
import type { TaskReminder } from "../../contract/reminder.ts";
import { fieldNames } from "../field-names.ts";

/** What a sentence about an entry is made of. */
export interface Told {
  readonly event_type: EventType;
  readonly task_title: string;
  readonly changes: Changes;
}

/**
 * The entry in a sentence without its actor: `Completed “Pay rent”`, `Changed “Pay rent”: priority from medium to
 * high`.
 */
export const inWords = ({ event_type, task_title, changes }: Told): string => {
  // A task has a title, unless its account was erased.
  const task = task_title === "" ? "an erased task" : `“${task_title}”`;
  switch (event_type) {
    case "task.created":
      return changes["parent_recurring_task_id"] === undefined
        ? `Added ${task}`
        : `Added the next ${task} of its series`;
    case "task.completed":
      return `Completed ${task}`;
    case "task.deleted":
      return changes["deleted_at"] === undefined ? `Removed ${task} for good` : `Moved ${task} to the trash`;
    case "task.reminder.triggered":
      return `Reminded of ${task}`;
    case "task.updated":
      return updated(task, changes);
  }
};

const updated = (task: string, changes: Changes): string => {
  const clock = clockWords(changes);
  if (clock !== undefined) return `${clock}: ${task} follows`;
  if (changes["deleted_at"] !== undefined) return `Brought ${task} back from the trash`;
  if (changes["occurrence_outcome"]?.new === "skipped") return `Skipped ${task}`;
  const phrases = Object.entries(changes).flatMap(([field, change]) => phrase(field, change) ?? []);
  const reopened = changes["status"]?.new === "pending";
  if (phrases.length === 0) return reopened ? `Reopened ${task}` : `Updated ${task}`;
  return `${reopened ? "Reopened and changed" : "Changed"} ${task}: ${phrases.join(", ")}`;
};

/** Where the user moved, for what follows their clock. */
const clockWords = ({ time_zone, all_day_hour }: Changes): string | undefined => {
  if (typeof time_zone?.new === "string") return `Moved to ${placeOf(time_zone.new)}`;
  if (typeof all_day_hour?.new === "number") return `Moved all-day reminders to ${hourText(all_day_hour.new)}`;
  return undefined;
};

/** The place that an IANA zone is named after: "America/New_York" is New York. */
export const placeOf = (zone: string): string => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");

const hourText = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

const phrase = (field: string, { old, new: now }: Change): string | undefined => {
  if (field === "reminders") return remindersPhrase(remindersOf(old), remindersOf(now));
  const name = fieldNames.get(field);
  if (name === undefined) return undefined;
  if (field === "description")
    return isNone(old) ? "description added" : isNone(now) ? "description removed" : "description rewritten";
  if (isNone(old)) return `${name} set to ${shown(now)}`;
  if (isNone(now)) return `${name} ${shown(old)} removed`;
  return `${name} from ${shown(old)} to ${shown(now)}`;
};

const remindersOf = (value: unknown): readonly TaskReminder[] =>
  Array.isArray(value) ? (value as TaskReminder[]) : [];

/** What was done to reminders; that they moved with the due date is said by the due date. */
const remindersPhrase = (old: readonly TaskReminder[], now: readonly TaskReminder[]): string | undefined => {
  const before = new Map(old.map((reminder) => [reminder.id, reminder]));
  const added = now.filter(({ id }) => !before.has(id));
  if (added.length > 0)
    return added.some(({ snoozed_from }) => snoozed_from !== null) ? "reminder snoozed" : "reminder added";
  if (now.length < old.length) return "reminder removed";
  if (now.some(({ id, acknowledged_at }) => acknowledged_at !== null && before.get(id)?.acknowledged_at === null))
    return "reminder acknowledged";
  return now.some(({ id, offset }) => before.get(id)?.offset !== offset) ? "reminder changed" : undefined;
};

const isNone = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

const LONGEST = 80;

/** A value as people write it, cut where a sentence would no longer be one. */
const shown = (value: unknown): string => {
  const text = Array.isArray(value)
    ? value.map(String).join(", ")
    : typeof value === "string"
      ? value.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:00(\.000)?)?$/, "$1 $2")
      : JSON.stringify(value);
  const characters = [...text];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
};
