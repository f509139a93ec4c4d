import type { Command, CommandKind } from "../../contract/command.ts";
import type { SeriesContext } from "../series/draft.ts";
import type { Decide, Decision, State } from "./decision.ts";
import * as reminders from "./reminder-commands.ts";
import * as tasks from "./task-commands.ts";

/** What every command does. A new kind of command is a row here. */
const decisions: { readonly [Kind in CommandKind]: Decide<Kind> } = {
  "task.create": tasks.create,
  "task.update": tasks.update,
  "task.delete": tasks.act("delete"),
  "task.complete": tasks.act("complete"),
  "task.reopen": tasks.act("reopen"),
  "task.skip": tasks.act("skip"),
  "task.detach": tasks.act("detach"),
  "task.restore": tasks.act("restore"),
  "reminder.add": reminders.editing(reminders.add),
  "reminder.set_first": reminders.editing(reminders.setFirst),
  "reminder.remove_first": reminders.editing(reminders.removeFirst),
  "reminder.change": reminders.editing(reminders.change),
  "reminder.remove": reminders.editing(reminders.remove),
  "reminder.snooze": reminders.editing(reminders.snooze),
  "reminder.acknowledge": reminders.editing(reminders.acknowledge),
};

/**
 * What a command comes to on this state: the changes, in order, and what to tell. Pure: the same on the server and on a
 * device.
 * @throws DomainError why it cannot be, naming the field where there is one
 */
export const decide = (command: Command, state: State, context: SeriesContext): Decision =>
  // One row of the table is for one kind, which TypeScript does not follow through the index.
  (decisions[command.kind] as Decide<CommandKind>)(command, state, context);

/** The tasks that a command is decided on, beside what belongs to them. */
export const taskIdsOf = (command: Command): readonly string[] => {
  if (command.kind === "task.create") return [];
  return ["task_id" in command ? command.task_id : command.id];
};
