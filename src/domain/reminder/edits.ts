import { DomainError, invalidField } from "../../contract/problem.ts";
import {
  MOST_REMINDERS,
  type NewReminder,
  type TaskReminder,
  type WritableReminder,
  type WritableReminders,
} from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { parseDueDate } from "../due-date.ts";
import { isSeries } from "../series/series-rule.ts";
import { formatOffset, readOffset } from "./offset.ts";
import { firstOffset } from "./timing.ts";
import { isFor, isSameMoment, readOneWish, readWish, type Wish, type WishMoment } from "./wish.ts";

/** What an edit of reminders needs to know of the moment, the user and the task. */
export interface EditContext extends WishMoment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  newId(): string;
}

/** The context of an edit of a task's reminders; of a task that has another due date by the same write, with that. */
export const editContextOf = (
  { due_date, ...task }: Pick<Task, "due_date" | "recurrence_basis">,
  { now, zone, allDayHour, newId }: Omit<EditContext, "due">,
): EditContext => ({
  now,
  zone,
  allDayHour,
  newId,
  due: due_date === null || isSeries(task) ? null : (parseDueDate(due_date) ?? null),
});

type Reminders = readonly TaskReminder[];

/*
 * Edits answer the whole list as it is wished. The instants of offsets, and when each was set, follow when the task is revised
 * (`timeReminders`).
 */

/**
 * The reminders after a write of the task's own fields: the list first, then the short form where it says anything new.
 */
export const editReminders = (
  task: Pick<Task, "reminders">,
  { reminders: sent, reminder_offset }: WritableReminders,
  context: EditContext,
): TaskReminder[] => {
  const present = task.reminders ?? [];
  const list = sent === undefined ? [...present] : listOf(present, sent ?? [], context);
  if (reminder_offset === undefined) return list;
  const offset = reminder_offset === null ? null : formatOffset(readOffset("reminder_offset", reminder_offset));
  // A client that knows only the list sends the short form back as it read it.
  return offset === firstOffset(present) ? list : withShortForm(list, offset, context);
};

const listOf = (present: Reminders, sent: readonly WritableReminder[], context: EditContext): TaskReminder[] => {
  const list: TaskReminder[] = [];
  for (const [index, item] of sent.entries()) {
    const wish = readWish(item, context.zone, `reminders.${index}.`);
    const named = present.find(({ id }) => id === item.id);
    const isSame = (reminder: TaskReminder): boolean => isSameMoment(wish, reminder, context);
    const old = named ?? present.find((reminder) => isSame(reminder) && !sent.some(({ id }) => id === reminder.id));
    // Two that came to the same moment by a change of the due date stay two: their user wrote both.
    const isThere = named === undefined ? isSame : (reminder: TaskReminder): boolean => isFor(wish, reminder);
    if (list.some((reminder) => isThere(reminder) || reminder.id === (old?.id ?? item.id))) continue;
    if (old === undefined) list.push(newReminder(item.id ?? context.newId(), wish, context));
    else list.push(named === undefined ? old : changedTo(old, wish));
  }
  return list;
};

/**
 * Makes or changes the first reminder that has an offset; null leaves none, so that what is written is what is read.
 */
export const withShortForm = (list: Reminders, offset: string | null, context: EditContext): TaskReminder[] => {
  const first = list.find((reminder) => reminder.offset !== null);
  if (offset === null) return list.filter((reminder) => reminder.offset === null);
  const wish: Wish = { offset, remind_at: null };
  if (first === undefined) return [...list, newReminder(context.newId(), wish, context)];
  return list
    .filter((reminder) => reminder === first || reminder.offset === null || !isSameMoment(wish, reminder, context))
    .map((reminder) => (reminder === first ? changedTo(first, wish) : reminder));
};

/**
 * Adds a reminder; one that is there already for the same moment stays, and is to be given again when its user was done
 * with it.
 */
export const addReminder = (
  list: Reminders,
  sent: NewReminder,
  context: EditContext,
): { list: TaskReminder[]; id: string } => {
  const wish = readOneWish(sent, context.zone);
  const same = list.find((reminder) => isSameMoment(wish, reminder, context));
  if (same !== undefined)
    return {
      list: list.map((reminder) => (reminder === same ? { ...same, acknowledged_at: null } : reminder)),
      id: same.id,
    };
  if (list.length >= MOST_REMINDERS)
    throw new DomainError("reminder_limit", `a task has at most ${MOST_REMINDERS} reminders`);
  const id = sent.id ?? context.newId();
  if (list.some((reminder) => reminder.id === id))
    throw new DomainError("conflict", "there is a reminder with this id");
  return { list: [...list, newReminder(id, wish, context)], id };
};

/** Makes a reminder one for another moment. @throws DomainError `conflict` when there is another one for that moment */
export const changeReminder = (
  list: Reminders,
  id: string,
  sent: NewReminder,
  context: EditContext,
): TaskReminder[] => {
  const wish = readOneWish(sent, context.zone);
  if (list.some((reminder) => reminder.id !== id && isSameMoment(wish, reminder, context)))
    throw new DomainError("conflict", "the task has another reminder for this moment");
  return list.map((reminder) => (reminder.id === id ? changedTo(reminder, wish) : reminder));
};

export const removeReminder = (list: Reminders, id: string): TaskReminder[] =>
  list.filter((reminder) => reminder.id !== id);

/** The user is done with a reminder; safe to repeat. */
export const acknowledgeReminder = (list: Reminders, id: string, { now }: Pick<EditContext, "now">): TaskReminder[] =>
  list.map((reminder) =>
    reminder.id === id
      ? { ...reminder, acknowledged_at: reminder.acknowledged_at ?? new Date(now).toISOString() }
      : reminder,
  );

/** Of snoozed reminders that have done their work, a task keeps so many. */
const MOST_DONE_SNOOZES = 10;

/**
 * Puts a reminder off to an instant: it is acknowledged, and so is what it was put off to before; a new one takes its
 * place.
 * @param until RFC 3339 in UTC
 * @throws DomainError a 422 that names `until` when it has passed
 */
export const snoozeReminder = (
  list: Reminders,
  id: string,
  until: string,
  context: EditContext,
): { list: TaskReminder[]; id: string } => {
  if (Date.parse(until) <= context.now) throw invalidField("until", "has passed already");
  const done = list
    .filter((reminder) => reminder.id === id || reminder.snoozed_from === id)
    .reduce((left: Reminders, reminder) => acknowledgeReminder(left, reminder.id, context), list);
  const added = addReminder(withoutOldSnoozes(done), { remind_at: until }, context);
  return {
    ...added,
    list: added.list.map((reminder) =>
      reminder.id === added.id && added.id !== id && reminder.offset === null
        ? { ...reminder, snoozed_from: id }
        : reminder,
    ),
  };
};

const withoutOldSnoozes = (list: Reminders): Reminders => {
  const old = list
    .filter(({ snoozed_from, acknowledged_at }) => snoozed_from !== null && acknowledged_at !== null)
    .slice(0, -MOST_DONE_SNOOZES);
  return list.filter((reminder) => !old.includes(reminder));
};

const newReminder = (id: string, wish: Wish, { now }: EditContext): TaskReminder => ({
  id,
  ...wish,
  set_at: new Date(now).toISOString(),
  snoozed_from: null,
  acknowledged_at: null,
});

/** One that is for another moment is to be given, also when its user was done with it. */
const changedTo = (reminder: TaskReminder, { offset, remind_at }: Wish): TaskReminder =>
  isFor({ offset, remind_at }, reminder) ? reminder : { ...reminder, offset, remind_at, acknowledged_at: null };
