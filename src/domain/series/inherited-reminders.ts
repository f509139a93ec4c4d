import type { TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import type { SeriesContext } from "./draft.ts";

/*
 * An occurrence has the reminders of its series that have an offset, under ids of its own. A reminder at an instant is for one date: it
 * belongs to an occurrence.
 */

const offsetsOf = ({ reminders = [] }: Task): string[] => reminders.flatMap(({ offset }) => offset ?? []).toSorted();

export const instantsOf = ({ reminders = [] }: Task): TaskReminder[] =>
  reminders.filter(({ offset }) => offset === null);

/** Whether an occurrence is reminded of as its series says, instants of its own aside. */
export const hasInheritedReminders = (series: Task, occurrence: Task): boolean => {
  const [theirs, own] = [offsetsOf(series), offsetsOf(occurrence)];
  return theirs.length === own.length && theirs.every((offset, index) => offset === own[index]);
};

/**
 * The reminders of an occurrence once it has those of its series; what it has for the same offset stays, and its own
 * instants do.
 */
export const inheritReminders = (
  series: Task,
  occurrence: Pick<Task, "id" | "reminders">,
  context: Pick<SeriesContext, "reminderId">,
): TaskReminder[] => {
  const { id, reminders: own = [] } = occurrence;
  const inherited = (series.reminders ?? []).filter(({ offset }) => offset !== null);
  const taken = inherited.map(
    (reminder) =>
      own.find(({ offset }) => offset === reminder.offset) ?? {
        ...reminder,
        id: context.reminderId(reminder.id, id),
        snoozed_from: null,
        acknowledged_at: null,
      },
  );
  return [...taken, ...own.filter(({ offset }) => offset === null)];
};

/** Instants that an occurrence takes over from its series, under ids of its own. */
export const takeInstants = (
  instants: readonly TaskReminder[],
  { id, reminders: own = [] }: Task,
  context: Pick<SeriesContext, "reminderId">,
): TaskReminder[] => {
  const others = instants.filter(
    ({ remind_at }) => !own.some((reminder) => reminder.offset === null && reminder.remind_at === remind_at),
  );
  return [...own, ...others.map((reminder) => ({ ...reminder, id: context.reminderId(reminder.id, id) }))];
};
