import type { ReminderWarning, TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { parseDueDate } from "../due-date.ts";
import { isSeries } from "../series/series-rule.ts";
import { instantBefore, type ReminderClock } from "./instant.ts";
import { noReminders } from "./no-reminders.ts";
import { parseOffset } from "./offset.ts";
import { canRemind } from "./status.ts";

export interface ReminderMoment extends ReminderClock {
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type ReminderFields = Required<Pick<Task, "reminders" | "reminder_offset">>;

/**
 * The reminders of a task as a write leaves them (`before` is null for a new task). Those with an offset follow the due
 * date, and each whose instant is another one, or whose task has become open again, counts as set now.
 */
export const timeReminders = (before: Task | null, after: Task, moment: ReminderMoment): ReminderFields => {
  const { reminders = [] } = after;
  if (reminders.length === 0) return noReminders;
  const earlier = new Map((before?.reminders ?? []).map((reminder) => [reminder.id, reminder]));
  const follows = before === null || hasMoved(before, after);
  const reopened = before !== null && !canRemind(before) && canRemind(after);
  const timed = reminders.map((reminder) => {
    const old = earlier.get(reminder.id);
    const isAnother = old === undefined || old.offset !== reminder.offset;
    return set(old, follows || isAnother ? retimed(reminder, after, moment) : reminder, reopened, moment);
  });
  return { reminders: timed, reminder_offset: firstOffset(timed) };
};

const hasMoved = (before: Task, after: Task): boolean =>
  before.due_date !== after.due_date || before.due_at !== after.due_at || isSeries(before) !== isSeries(after);

/** One that is for another moment is to be given again, also when its user was done with it. */
const set = (
  old: TaskReminder | undefined,
  reminder: TaskReminder,
  reopened: boolean,
  { now }: ReminderMoment,
): TaskReminder => {
  if (old !== undefined && old.remind_at === reminder.remind_at && !reopened)
    return { ...reminder, set_at: old.set_at };
  const isAgain =
    old !== undefined && old.remind_at !== reminder.remind_at && old.acknowledged_at === reminder.acknowledged_at;
  const isToCome = reminder.remind_at !== null && Date.parse(reminder.remind_at) > now;
  return {
    ...reminder,
    set_at: new Date(now).toISOString(),
    ...(isAgain && isToCome ? { acknowledged_at: null } : {}),
  };
};

/** Reminders with the instants that follow from the task's due date under this clock. */
export const retimeReminders = (reminders: readonly TaskReminder[], task: Task, clock: ReminderClock): TaskReminder[] =>
  reminders.map((reminder) => retimed(reminder, task, clock));

const retimed = (reminder: TaskReminder, task: Task, clock: ReminderClock): TaskReminder =>
  reminder.offset === null ? reminder : { ...reminder, remind_at: instantOf(reminder.offset, task, clock) };

/** A series is not reminded of itself: its occurrences have the instants. */
const instantOf = (text: string, task: Task, clock: ReminderClock): string | null => {
  const [due, offset] = [
    task.due_date === null || isSeries(task) ? undefined : parseDueDate(task.due_date),
    parseOffset(text),
  ];
  return due === undefined || offset === undefined ? null : new Date(instantBefore(due, offset, clock)).toISOString();
};

/** The short form of a task's reminders (spec §4): the offset of the first that has one. */
export const firstOffset = (reminders: readonly TaskReminder[]): string | null =>
  reminders.find(({ offset }) => offset !== null)?.offset ?? null;

/**
 * What the user of a write should know: that it set a reminder which will not be given, for a moment that has passed, or
 * with an offset from a due date that the task has not.
 */
export const reminderWarnings = (
  changes: readonly { readonly before: Task | null; readonly after: Task }[],
): ReminderWarning[] =>
  warnings.flatMap(([warning, holds]) =>
    changes.some(
      ({ before, after }) =>
        canRemind(after) && (after.reminders ?? []).some((reminder) => holds(reminder, before, after)),
    )
      ? warning
      : [],
  );

/** Whether this write left it so: a reminder that was waiting for a due date before is no news. */
const isWithoutDueDate = ({ id, offset }: TaskReminder, before: Task | null, after: Task): boolean =>
  offset !== null &&
  after.due_date === null &&
  !(before?.due_date === null && before.reminders?.some((old) => old.id === id && old.offset === offset));

const isSetInPast = ({ id, remind_at, set_at, acknowledged_at }: TaskReminder, before: Task | null): boolean => {
  const old = before?.reminders?.find((reminder) => reminder.id === id);
  return (
    acknowledged_at === null &&
    remind_at !== null &&
    old?.remind_at !== remind_at &&
    Date.parse(remind_at) <= Date.parse(set_at)
  );
};

const warnings = [
  ["reminder_in_past", isSetInPast],
  ["reminder_without_due_date", isWithoutDueDate],
] as const;
