import type { Snooze, NewReminder } from "./reminder.ts";
import type { SeriesScope } from "./recurrence.ts";
import type { NewTask, TaskPatch } from "./task.ts";

/**
 * Everything that a user can change by saying what they want, through whatever door it comes. A door checks what it was
 * sent by its own schema and translates it to this; the domain decides (`decide`), and `execute` commits. What is taken
 * back (undo, revert) is not said again here: it is read from the log.
 */
export type Command = TaskCommand | ReminderCommand;
export type CommandKind = Command["kind"];
export type CommandOf<Kind extends CommandKind> = Extract<Command, { readonly kind: Kind }>;

/** The task that a command is for, and the version it is to have (412 when it has another). */
interface ForTask {
  readonly id: string;
  readonly version?: number | undefined;
}

/** The same for a command to a part of a task. */
interface ForTaskOf {
  readonly task_id: string;
  readonly version?: number | undefined;
}

/** Which date of a series is meant, when the command comes with the series' id. */
interface ForDate {
  readonly occurrence_date?: string | undefined;
}

export type TaskCommand =
  /** A client that makes ids itself names the task; otherwise `execute` does. */
  | { readonly kind: "task.create"; readonly task: NewTask }
  | ({ readonly kind: "task.update"; readonly patch: TaskPatch; readonly scope?: SeriesScope | undefined } & ForTask)
  | ({ readonly kind: "task.delete"; readonly scope?: SeriesScope | undefined } & ForTask & ForDate)
  | ({ readonly kind: "task.complete" } & ForTask & ForDate)
  | ({ readonly kind: "task.reopen" } & ForTask & ForDate)
  | ({ readonly kind: "task.skip" } & ForTask & ForDate)
  | ({ readonly kind: "task.detach" } & ForTask & ForDate)
  | ({ readonly kind: "task.restore" } & ForTask & ForDate);

export type ReminderCommand =
  /** One that is there already for the same moment stays as it is. */
  | ({ readonly kind: "reminder.add"; readonly reminder: NewReminder } & ForTaskOf)
  /** Makes or changes the first reminder that has an offset, for clients that know only one. */
  | ({ readonly kind: "reminder.set_first"; readonly offset: string } & ForTaskOf)
  | ({ readonly kind: "reminder.remove_first" } & ForTaskOf)
  | ({ readonly kind: "reminder.change"; readonly id: string; readonly reminder: NewReminder } & ForTaskOf)
  | ({ readonly kind: "reminder.remove"; readonly id: string } & ForTaskOf)
  /** Acknowledges a reminder; a new one takes its place. */
  | ({ readonly kind: "reminder.snooze"; readonly id: string; readonly snooze: Snooze } & ForTaskOf)
  | ({ readonly kind: "reminder.acknowledge"; readonly id: string } & ForTaskOf);
