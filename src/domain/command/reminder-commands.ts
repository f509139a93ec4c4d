import type { ReminderCommand } from "../../contract/command.ts";
import { DomainError, invalidField } from "../../contract/problem.ts";
import type { Snooze, TaskReminder } from "../../contract/reminder.ts";
import type { Task } from "../../contract/task.ts";
import {
  acknowledgeReminder,
  addReminder,
  changeReminder,
  editContextOf,
  removeReminder,
  snoozeReminder,
  withShortForm,
} from "../reminder/edits.ts";
import { formatOffset, readOffset } from "../reminder/offset.ts";
import { canRemind } from "../reminder/status.ts";
import { readInstant } from "../reminder/wish.ts";
import type { SeriesContext } from "../series/draft.ts";
import { decideReminders, type EditedReminders, reminderTarget } from "../series/reminder-write.ts";
import { isSeries } from "../series/series-rule.ts";
import { type Decide, requireLiveTask, type State } from "./decision.ts";

type Kind = ReminderCommand["kind"];
type Edit<Of extends Kind> = (
  task: Task,
  command: Extract<ReminderCommand, { kind: Of }>,
  context: SeriesContext,
  tasks: State["tasks"],
) => EditedReminders;

/** Decides on a task by an edit of its list of reminders. */
export const editing =
  <Of extends Kind>(edit: Edit<Of>): Decide<Of> =>
  (command, state, context) => {
    // What TypeScript cannot see of a generic kind: every command of a reminder names its task.
    const { task_id, version } = command as ReminderCommand;
    const task = requireLiveTask(state, task_id, version);
    const edited = edit(task, command, context, state.tasks);
    const { target, ...decision } = decideReminders(state.tasks, edited, context);
    return { ...decision, task: target };
  };

export const add: Edit<"reminder.add"> = (task, { reminder }, context, tasks) => {
  const target = reminderTarget(tasks, task, reminder, context);
  return { target, ...addReminder(target.reminders ?? [], reminder, editContextOf(target, context)) };
};

export const setFirst: Edit<"reminder.set_first"> = (task, { offset }, context) => {
  const text = formatOffset(readOffset("offset", offset));
  const list = withShortForm(task.reminders ?? [], text, editContextOf(task, context));
  return { target: task, list, id: requireFirst({ reminders: list }).id };
};

export const removeFirst: Edit<"reminder.remove_first"> = (task) => without(task, requireFirst(task).id);

export const change: Edit<"reminder.change"> = (task, { id, reminder }, context) => {
  requireReminder(task, id);
  return {
    target: task,
    list: changeReminder(task.reminders ?? [], id, reminder, editContextOf(task, context)),
    id,
  };
};

export const remove: Edit<"reminder.remove"> = (task, { id }) => without(task, requireReminder(task, id).id);

export const snooze: Edit<"reminder.snooze"> = (task, { id, snooze: asked }, context) => {
  requireReminder(task, id);
  if (!canRemind(task))
    throw new DomainError("conflict", isSeries(task) ? BY_OCCURRENCES : "the task is completed; reopen it first");
  const until = untilOf(asked, context);
  return { target: task, ...snoozeReminder(task.reminders ?? [], id, until, editContextOf(task, context)) };
};

export const acknowledge: Edit<"reminder.acknowledge"> = (task, { id }, context) => {
  requireReminder(task, id);
  if (isSeries(task)) throw new DomainError("conflict", BY_OCCURRENCES);
  return { target: task, list: acknowledgeReminder(task.reminders ?? [], id, context), id };
};

const BY_OCCURRENCES = "a recurring task is reminded of by its occurrences";

export const noReminder = (id: string): DomainError => new DomainError("not_found", `there is no reminder ${id}`);

const requireReminder = ({ reminders = [] }: Pick<Task, "reminders">, id: string): TaskReminder => {
  const reminder = reminders.find((one) => one.id === id);
  if (reminder === undefined) throw noReminder(id);
  return reminder;
};

/** The first reminder that has an offset. */
export const requireFirst = ({ reminders = [] }: Pick<Task, "reminders">): TaskReminder => {
  const reminder = reminders.find(({ offset }) => offset !== null);
  if (reminder === undefined) throw new DomainError("not_found", "the task has no reminder before its due date");
  return reminder;
};

const without = (task: Task, id: string): EditedReminders => ({
  target: task,
  list: removeReminder(task.reminders ?? [], id),
  id,
});

const untilOf = ({ until, minutes }: Snooze, { now, zone }: SeriesContext): string => {
  if ((until === undefined) === (minutes === undefined)) throw invalidField("until", "send either until or minutes");
  return until === undefined
    ? new Date(now + (minutes ?? 0) * 60_000).toISOString()
    : readInstant("until", until, zone);
};
