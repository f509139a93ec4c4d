import type { Database } from "../../../adapters/db/database.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import type {
  NewReminder,
  Reminder,
  Snooze,
  TaskReminder,
  TaskReminders,
  WrittenReminder,
} from "../../../contract/reminder.ts";
import type { Task } from "../../../contract/task.ts";
import {
  acknowledgeReminder,
  addReminder,
  changeReminder,
  editContextOf,
  removeReminder,
  snoozeReminder,
  withShortForm,
} from "../../../domain/reminder/edits.ts";
import { formatOffset, readOffset } from "../../../domain/reminder/offset.ts";
import { canRemind, reminderStatus } from "../../../domain/reminder/status.ts";
import { readInstant } from "../../../domain/reminder/wish.ts";
import { decideReminders, type EditReminders, reminderTarget } from "../../../domain/series/reminder-write.ts";
import type { SeriesContext } from "../../../domain/series/draft.ts";
import { isSeries } from "../../../domain/series/series-rule.ts";
import { checkVersion } from "../../../domain/task.ts";
import type { ReminderState, ReminderStates } from "../../../ports.ts";
import { seriesContext } from "../tasks/series-context.ts";
import { findTask } from "../tasks/task-store.ts";
import type { Actor, Answer, TaskWriter } from "../tasks/writer.ts";
import { findReminderTask } from "./reminder-store.ts";

/** Who writes, and the version their task is to have, from `If-Match`. */
export interface ReminderWriter {
  readonly actor: Actor;
  readonly version: number | undefined;
}

/**
 * Each writes one task, as any write of a task does: with an event, an undo handle and, for a POST, an idempotency key,
 * and not when the task is at another version than the one that is expected.
 */
export interface ReminderUseCases {
  /** With the version of the task. */
  list(userId: string, taskId: string): Promise<TaskReminders & { readonly version: number }>;
  /** One that is there already for the same moment is answered as it is. */
  add(by: ReminderWriter, taskId: string, input: NewReminder): Promise<Answer<WrittenReminder>>;
  /** The first reminder that has an offset, for clients that know only one. */
  getShort(userId: string, taskId: string): Promise<Reminder>;
  setShort(by: ReminderWriter, taskId: string, offset: string): Promise<Answer<WrittenReminder>>;
  removeShort(by: ReminderWriter, taskId: string): Promise<Answer<object>>;
  change(by: ReminderWriter, reminderId: string, input: NewReminder): Promise<Answer<WrittenReminder>>;
  remove(by: ReminderWriter, reminderId: string): Promise<Answer<object>>;
  /** Acknowledges a reminder and answers the new one that takes its place. */
  snooze(by: ReminderWriter, reminderId: string, input: Snooze): Promise<Answer<WrittenReminder>>;
  acknowledge(by: ReminderWriter, reminderId: string): Promise<Answer<WrittenReminder>>;
}

export interface ReminderUseCaseDeps {
  readonly database: Database;
  readonly writer: TaskWriter;
  readonly states: ReminderStates;
  readonly newId: () => string;
}

type States = ReadonlyMap<string, ReminderState>;

export const createReminderUseCases = ({ database, writer, states, newId }: ReminderUseCaseDeps): ReminderUseCases => {
  const read = async (userId: string, taskId: string): Promise<{ task: Task; known: States }> => {
    const [task, known] = await Promise.all([findTask(database, userId, taskId), states.ofTask(userId, taskId)]);
    if (task === undefined) throw noTask(taskId);
    return { task, known };
  };

  const write = async (
    { actor, version }: ReminderWriter,
    taskId: string,
    edit: EditReminders,
  ): Promise<Answer<WrittenReminder>> => {
    const known = await states.ofTask(actor.userId, taskId);
    const answer = await writer.write(actor, [taskId], (tasks, context) => {
      const task = tasks.get(taskId);
      if (task === undefined || task.deleted_at !== null) throw noTask(taskId);
      checkVersion(task, version);
      const { changes, target, reminder, isNew, warnings } = decideReminders(
        tasks,
        task,
        edit,
        seriesContext(context, newId),
      );
      return {
        changes,
        status: isNew ? 201 : 200,
        body: { ...asReminder(target, reminder, known), warnings },
        derivedIds: true,
      };
    });
    return answer as Answer<WrittenReminder>;
  };

  const writeFound = async (
    by: ReminderWriter,
    reminderId: string,
    edit: EditReminders,
  ): Promise<Answer<WrittenReminder>> => {
    const taskId = await findReminderTask(database, by.actor.userId, reminderId);
    if (taskId === undefined) throw noReminder(reminderId);
    return write(by, taskId, (task, context, tasks) => {
      present(task, reminderId);
      return edit(task, context, tasks);
    });
  };

  return {
    async list(userId, taskId) {
      const { task, known } = await read(userId, taskId);
      return {
        reminders: (task.reminders ?? []).map((reminder) => asReminder(task, reminder, known)),
        version: task.version,
      };
    },

    add: (by, taskId, input) =>
      write(by, taskId, (task, context, tasks) => {
        const target = reminderTarget(tasks, task, input, context);
        return { target, ...addReminder(target.reminders ?? [], input, editContextOf(target, context)) };
      }),

    async getShort(userId, taskId) {
      const { task, known } = await read(userId, taskId);
      return asReminder(task, shortOf(task), known);
    },

    setShort: (by, taskId, text) =>
      write(by, taskId, (task, context) => {
        const offset = formatOffset(readOffset("offset", text));
        const list = withShortForm(task.reminders ?? [], offset, editContextOf(task, context));
        return { target: task, list, id: shortOf({ reminders: list }).id };
      }),

    removeShort: (by, taskId) => write(by, taskId, (task) => removed(task, shortOf(task).id)),

    change: (by, reminderId, input) =>
      writeFound(by, reminderId, (task, context) => ({
        target: task,
        list: changeReminder(task.reminders ?? [], reminderId, input, editContextOf(task, context)),
        id: reminderId,
      })),

    remove: (by, reminderId) => writeFound(by, reminderId, (task) => removed(task, reminderId)),

    snooze: (by, reminderId, input) =>
      writeFound(by, reminderId, (task, context) => {
        if (!canRemind(task))
          throw new DomainError("conflict", isSeries(task) ? ofOccurrences : "the task is completed; reopen it first");
        const until = untilOf(input, context);
        return {
          target: task,
          ...snoozeReminder(task.reminders ?? [], reminderId, until, editContextOf(task, context)),
        };
      }),

    acknowledge: (by, reminderId) =>
      writeFound(by, reminderId, (task, context) => {
        if (isSeries(task)) throw new DomainError("conflict", ofOccurrences);
        return { target: task, list: acknowledgeReminder(task.reminders ?? [], reminderId, context), id: reminderId };
      }),
  };
};

const ofOccurrences = "a recurring task is reminded of by its occurrences";

const noTask = (id: string): DomainError => new DomainError("not_found", `there is no task ${id}`);
const noReminder = (id: string): DomainError => new DomainError("not_found", `there is no reminder ${id}`);

const present = ({ reminders = [] }: Pick<Task, "reminders">, id: string): TaskReminder => {
  const reminder = reminders.find((one) => one.id === id);
  if (reminder === undefined) throw noReminder(id);
  return reminder;
};

const shortOf = ({ reminders = [] }: Pick<Task, "reminders">): TaskReminder => {
  const reminder = reminders.find(({ offset }) => offset !== null);
  if (reminder === undefined) throw new DomainError("not_found", "the task has no reminder before its due date");
  return reminder;
};

const removed = (task: Task, id: string) => ({ target: task, list: removeReminder(task.reminders ?? [], id), id });

const untilOf = ({ until, minutes }: Snooze, { now, zone }: SeriesContext): string => {
  if ((until === undefined) === (minutes === undefined)) throw invalidField("until", "send either until or minutes");
  return until === undefined
    ? new Date(now + (minutes ?? 0) * 60_000).toISOString()
    : readInstant("until", until, zone);
};

const asReminder = (task: Task, reminder: TaskReminder, known: States): Reminder => ({
  ...reminder,
  task_id: task.id,
  user_id: task.user_id,
  ...reminderStatus(task, reminder, known.get(reminder.id)),
});
