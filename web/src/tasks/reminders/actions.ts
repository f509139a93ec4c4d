import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { TaskReminder } from "../../../../src/contract/reminder.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { newId } from "../../api/ids.ts";
import { perform } from "../../api/sync.ts";
import { instantOf, kindOf, type Clock } from "../../time/due-date.ts";
import { actAndTell } from "../undo-steps.ts";
import { text } from "./messages.ts";
import { momentBefore } from "./offsets.ts";
import { remindersOf, written } from "./reminders.ts";
import { momentWords } from "./words.ts";

/** What the user can do about being reminded. */

/** A reminder that the server has not seen yet. */
export const newReminder = (
  when: { readonly offset: string } | { readonly remind_at: string },
  task: Task,
  clock: Clock,
  allDayHour: number,
): TaskReminder => {
  const offset = "offset" in when ? when.offset : null;
  const remindAt =
    "offset" in when
      ? task.due_date && momentBefore(task.due_date, when.offset, clock, allDayHour)
      : instant(when.remind_at, clock);
  return {
    id: newId(),
    offset,
    remind_at: remindAt,
    set_at: new Date().toISOString(),
    snoozed_from: null,
    acknowledged_at: null,
  };
};

/**
 * Gives a task these reminders in place of those it has. Of an occurrence they may be those of its series (`scope`).
 * `field` is the one whose draft this saves.
 */
export const setReminders = (
  task: Task,
  reminders: readonly TaskReminder[],
  scope: SeriesScope,
  field?: string,
): void => {
  actAndTell(
    {
      kind: "update",
      id: task.id,
      patch: { reminders: reminders.map(written) },
      shown: { reminders: [...reminders] },
      ...(scope === "this" ? {} : { scope }),
    },
    text.didSet(task.title, reminders.length),
    field,
  );
};

/** Reminds once more. `until` is an instant, or a wall-clock time of the user. */
export const snoozeReminder = (task: Task, reminderId: string, until: string, clock: Clock): void => {
  const moment = instant(until, clock);
  const again: TaskReminder = {
    id: newId(),
    offset: null,
    remind_at: moment,
    set_at: new Date().toISOString(),
    snoozed_from: reminderId,
    acknowledged_at: null,
  };
  const before = remindersOf(task).map((each) =>
    each.id === reminderId || each.snoozed_from === reminderId
      ? { ...each, acknowledged_at: each.acknowledged_at ?? again.set_at }
      : each,
  );
  actAndTell(
    { kind: "snooze", id: task.id, reminder: reminderId, until: moment, shown: { reminders: [...before, again] } },
    text.didSnooze(task.title, momentWords(moment, clock)),
  );
};

/** Says that a reminder has done its work: nothing to tell, nothing to take back. */
export const acknowledgeReminder = (task: Task, reminderId: string): void => {
  const reminder = remindersOf(task).find(({ id }) => id === reminderId);
  if (reminder !== undefined && reminder.acknowledged_at === null)
    perform({ kind: "acknowledge", id: task.id, reminder: reminderId });
};

const instant = (moment: string, { zone }: Clock): string =>
  kindOf(moment) === "instant" ? new Date(moment).toISOString() : instantOf(moment, zone);
