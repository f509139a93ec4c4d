import type { ReminderTriggered, TaskFlowEvent } from "../../contract/event.ts";
import { parseCivil } from "../civil.ts";
import { toCivil } from "../time-zone.ts";

/** What a notification says beneath the task's title, in the user's zone. */
export const bodyOf = (event: TaskFlowEvent): string => {
  switch (event.event_type) {
    case "task.created":
      return "Added.";
    case "task.completed":
      return "Completed.";
    case "task.deleted":
      return event.purged_at === undefined ? "Moved to the trash." : "Deleted for good.";
    case "task.updated":
      return changedFields(Object.keys(event.changes));
    case "task.reminder.triggered":
      return `${dueOf(event)}${latenessOf(event)}`;
  }
};

const changedFields = (names: readonly string[]): string =>
  names.length === 0 ? "Changed." : `Changed: ${names.map((name) => name.replaceAll("_", " ")).join(", ")}.`;

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

interface WallClock {
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
}

/** `1 Mar, 09:00`, or `1 Mar` for a whole day. */
const inWords = ({ month, day, hour, minute = 0 }: WallClock): string =>
  `${day} ${months[month - 1]}${hour === undefined ? "" : `, ${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`}`;

const dueOf = ({ task, time_zone, scheduled_for }: ReminderTriggered): string => {
  const { due_date } = task;
  if (due_date === null || due_date === undefined)
    return `Reminder for ${inWords(toCivil(time_zone, Date.parse(scheduled_for)))}.`;
  return `Due ${inWords(parseCivil(due_date) ?? toCivil(time_zone, Date.parse(due_date)))}.`;
};

const MINUTE_MS = 60_000;

/** Seconds are nobody's concern; a reminder that came hours after its time says so. */
const latenessOf = ({ late_ms }: ReminderTriggered): string => {
  const minutes = Math.floor(late_ms / MINUTE_MS);
  if (minutes === 0) return "";
  return minutes < 120 ? ` ${minutes} min late.` : ` ${Math.floor(minutes / 60)} h late.`;
};

const NAMED = 3;

/** What a digest says: `Pay rent, Call mum, Water plants and 4 more.` */
export const digestOf = (titles: readonly string[]): { readonly title: string; readonly body: string } => {
  const named = titles.slice(0, NAMED).join(", ");
  const more = titles.length - NAMED;
  return { title: `${titles.length} notifications`, body: more > 0 ? `${named} and ${more} more.` : `${named}.` };
};
