import type { Database } from "../../../adapters/db/database.ts";
import type { ReminderCommand } from "../../../contract/command.ts";
import {
  type Reminder,
  type ReminderWarning,
  reminderWarningNames,
  type TaskReminder,
  type TaskReminders,
  type WrittenReminder,
} from "../../../contract/reminder.ts";
import type { Task, Warning } from "../../../contract/task.ts";
import { noTask } from "../../../domain/command/decision.ts";
import { noReminder, requireFirst } from "../../../domain/command/reminder-commands.ts";
import { reminderStatus } from "../../../domain/reminder/status.ts";
import type { ReminderState, ReminderStates } from "../../../ports.ts";
import type { Execute } from "../execute.ts";
import { findTask } from "../tasks/task-store.ts";
import type { Actor, Answer } from "../tasks/writer.ts";
import { findReminderTask } from "./reminder-store.ts";

/** Reminders as they are answered: what their task says of them, and what became of them. */
export interface ReminderAnswers {
  /** With the version of the task. */
  list(userId: string, taskId: string): Promise<TaskReminders & { readonly version: number }>;
  /** The first reminder that has an offset, for clients that know only one. */
  first(userId: string, taskId: string): Promise<Reminder>;
  /** Carries a command out; the answer is the reminder that it was for. */
  run(actor: Actor, command: ReminderCommand): Promise<Answer<Omit<WrittenReminder, "undo">>>;
  /** @throws DomainError `not_found` unless it is a reminder of a task of the user that is not in the trash */
  taskIdOf(userId: string, reminderId: string): Promise<string>;
}

export const createReminderAnswers = (deps: {
  readonly database: Database;
  readonly execute: Execute;
  readonly states: ReminderStates;
}): ReminderAnswers => {
  const { database, execute, states } = deps;

  const read = async (userId: string, taskId: string): Promise<{ task: Task; known: States }> => {
    const [task, known] = await Promise.all([findTask(database, userId, taskId), states.ofTask(userId, taskId)]);
    if (task === undefined) throw noTask(taskId);
    return { task, known };
  };

  return {
    async list(userId, taskId) {
      const { task, known } = await read(userId, taskId);
      return {
        reminders: (task.reminders ?? []).map((reminder) => asReminder(task, reminder, known)),
        version: task.version,
      };
    },

    async first(userId, taskId) {
      const { task, known } = await read(userId, taskId);
      return asReminder(task, requireFirst(task), known);
    },

    async run(actor, command) {
      const known = await states.ofTask(actor.userId, command.task_id);
      return execute.one(actor, command, ({ task, reminder, isNew, warnings }) => {
        if (reminder === undefined) throw new Error(`${command.kind} came to no reminder`);
        return {
          status: isNew ? 201 : 200,
          body: { ...asReminder(task, reminder, known), warnings: warnings.filter(isReminderWarning) },
        };
      });
    },

    async taskIdOf(userId, reminderId) {
      const taskId = await findReminderTask(database, userId, reminderId);
      if (taskId === undefined) throw noReminder(reminderId);
      return taskId;
    },
  };
};

type States = ReadonlyMap<string, ReminderState>;

const isReminderWarning = (warning: Warning): warning is ReminderWarning =>
  reminderWarningNames.some((name) => name === warning);

const asReminder = (task: Task, reminder: TaskReminder, known: States): Reminder => ({
  ...reminder,
  task_id: task.id,
  user_id: task.user_id,
  ...reminderStatus(task, reminder, known.get(reminder.id)),
});
