import { DomainError } from "../../contract/problem.ts";
import { MOST_REMINDERS, type TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import { isFor } from "../reminder/wish.ts";
import { sameValue } from "../same-value.ts";

/*
 * A task's reminders are compared and put back one by one: two writes that set different reminders of a task are not in
 * each other's way.
 */

const remindersOf = (task: Task | null): readonly TaskReminder[] => task?.reminders ?? [];

const findIn = (task: Task | null, id: string): TaskReminder | undefined =>
  remindersOf(task).find((reminder) => reminder.id === id);

/** What somebody wants of a reminder. The instant of an offset, and when it was set, follow from the due date. */
const wishOf = (reminder: TaskReminder | undefined): unknown => {
  if (reminder === undefined) return null;
  const { set_at: _setAt, ...wish } = reminder;
  return wish.offset === null ? wish : { ...wish, remind_at: null };
};

const isSame = (one: Task | null, other: Task | null, id: string): boolean =>
  sameValue(wishOf(findIn(one, id)), wishOf(findIn(other, id)));

/** The ids of the reminders that are others in `left` than in `before`: added, removed or changed. */
export const changedReminders = (before: Task | null, left: Task): readonly string[] =>
  [...new Set([...remindersOf(before), ...remindersOf(left)].map(({ id }) => id))].filter(
    (id) => !isSame(before, left, id),
  );

/**
 * Whether the reminders that a write changed are no longer what it left, or what it took away was set anew since under
 * another id: a task is reminded of a moment once.
 */
export const hasOtherReminders = ({ before, left }: { before: Task | null; left: Task }, current: Task): boolean =>
  changedReminders(before, left).some((id) => {
    if (!isSame(left, current, id)) return true;
    const old = findIn(before, id);
    const since = remindersOf(current).filter((reminder) => findIn(left, reminder.id) === undefined);
    return old !== undefined && since.some((reminder) => isFor(old, reminder));
  });

/**
 * The reminders of a task once those that a write changed are what they were before, in the order they had then; what
 * was added since follows.
 * @throws DomainError `reminder_limit` when there are too many of them now
 */
export const putBackReminders = ({ before, left }: { before: Task; left: Task }, current: Task): TaskReminder[] => {
  const changed = changedReminders(before, left);
  const old = remindersOf(before).flatMap(
    (reminder) => (changed.includes(reminder.id) ? reminder : findIn(current, reminder.id)) ?? [],
  );
  const added = remindersOf(current).filter(({ id }) => !changed.includes(id) && findIn(before, id) === undefined);
  const reminders = [...old, ...added];
  if (reminders.length > MOST_REMINDERS)
    throw new DomainError("reminder_limit", `“${current.title}” would have more than ${MOST_REMINDERS} reminders`);
  return reminders;
};
