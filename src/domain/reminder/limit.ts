import { DomainError } from "../../contract/problem.ts";
import type { Task } from "../../contract/task.ts";
import { isPending } from "./status.ts";

/** A user has at most so many reminders that are still to come (spec §4). */
export const MOST_PENDING = 100;

/** What a write asks for beside what its tasks had: so many more pending reminders, and reminders of these ids. */
export interface ReminderDemand {
  readonly more: number;
  readonly newIds: readonly string[];
}

/**
 * What a write demands, of its changes with one a task. `now` in epoch ms.
 * @throws DomainError `conflict` when two of its tasks would have a reminder of the same id
 */
export const reminderDemand = (
  changes: readonly { readonly before: Task | null; readonly after: Task }[],
  now: number,
): ReminderDemand => {
  const more = changes.reduce(
    (sum, { before, after }) => sum + pendingOf(after, now) - (before === null ? 0 : pendingOf(before, now)),
    0,
  );
  const newIds = changes.flatMap(({ before, after }) =>
    idsOf(after).filter((id) => before === null || !idsOf(before).includes(id)),
  );
  if (new Set(newIds).size < newIds.length) throw idTaken();
  return { more, newIds };
};

const pendingOf = (task: Task, now: number): number =>
  (task.reminders ?? []).filter((reminder) => isPending(task, reminder, now)).length;

const idsOf = ({ reminders = [] }: Task): string[] => reminders.map(({ id }) => id);

/**
 * Refuses a demand that the user's reminders leave no room for.
 * @param pending how many the user has now
 * @param isTaken whether another task of the user has a reminder of one of the new ids
 * @throws DomainError `reminder_limit` or `conflict`
 */
export const checkDemand = ({ more }: ReminderDemand, pending: number, isTaken: boolean): void => {
  if (isTaken) throw idTaken();
  if (more > 0 && pending + more > MOST_PENDING)
    throw new DomainError(
      "reminder_limit",
      `at most ${MOST_PENDING} reminders can be pending; there are ${pending}, and this would make them ${pending + more}`,
      {
        members: { limit: MOST_PENDING, pending },
      },
    );
};

const idTaken = (): DomainError => new DomainError("conflict", "there is a reminder with this id");
