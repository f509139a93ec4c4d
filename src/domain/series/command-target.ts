import { DomainError, invalidField } from "../../contract/problem.ts";
import type { SeriesScope } from "../../contract/recurrence.ts";
import type { Task } from "../../contract/task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { materialise, occurrencesOf, openOccurrences } from "./family.ts";
import { isPaused } from "./next-date.ts";
import { isOccurrence, isOpen, isWithdrawn } from "./occurrence.ts";
import { closedOccurrenceOf, openOccurrenceOf } from "./series-edit.ts";

/** What can be done to a task in one word. */
export type TaskVerb = "complete" | "reopen" | "skip" | "detach" | "restore" | "delete";

/** Which dates a command is for. */
export interface CommandAim {
  readonly scope?: SeriesScope | undefined;
  /** By the rule, as an occurrence has it. */
  readonly occurrenceDate?: string | undefined;
}

/**
 * A command through a series' id that is sent again within so long is the same one: it acts on the date it acted on,
 * and so changes nothing. Whoever means the next date says so by `occurrence_date`.
 */
const REPEAT_MS = 60_000;

/**
 * The task that a command is for. Through a series' id it is the occurrence of the date that is named; else the one
 * that the same command was just given for; else the earliest open one. Deleting all and restoring are for the series.
 * @throws DomainError when there is no such date
 */
export const targetOf = (
  draft: Draft,
  task: Task,
  command: TaskVerb,
  { scope = "all", occurrenceDate }: CommandAim,
  context: SeriesContext,
): Task => {
  if (task.recurrence_basis == null) return checkedDate(task, occurrenceDate);
  if (occurrenceDate !== undefined) return occurrenceAt(draft, task, occurrenceDate, command);
  if (command === "restore" || (command === "delete" && scope === "all")) return task;
  const target = justDone(draft, task, command, context) ?? usualTarget(draft, task, command);
  if (target === undefined) throw noneOpen();
  return target;
};

/** With nothing open, a command finds what the last one has done already. */
const usualTarget = (draft: Draft, series: Task, command: TaskVerb): Task | undefined => {
  const open = openOccurrenceOf(draft, series);
  if (command === "delete") return open;
  const closed = closedOccurrenceOf(draft, series);
  return command === "reopen" ? (closed ?? open) : (open ?? closed);
};

const noneOpen = (): DomainError => new DomainError("conflict", "the series has no open occurrence");

const checkedDate = (task: Task, occurrenceDate: string | undefined): Task => {
  if (occurrenceDate === undefined || occurrenceDate === task.occurrence_date) return task;
  throw invalidField(
    "occurrence_date",
    isOccurrence(task)
      ? `this task is the date ${task.occurrence_date ?? ""}; name another date with the series' id`
      : "names a date of a recurring task, and this task does not repeat",
  );
};

/** Makes the date that is named where the series is about to have it, so that nobody has to wait for it. */
export const makeNamedDate = (
  draft: Draft,
  task: Task,
  { occurrenceDate }: CommandAim,
  context: SeriesContext,
): void => {
  const isNext = occurrenceDate !== undefined && task.next_occurrence_date === occurrenceDate;
  if (isNext && task.deleted_at === null && task.recurrence_pattern != null && !isPaused(task, context))
    materialise(draft, task, occurrenceDate, context);
};

const occurrenceAt = (draft: Draft, series: Task, date: string, command: TaskVerb): Task => {
  const found = occurrencesOf(draft, series.id).find((task) => task.occurrence_date === date && !isWithdrawn(task));
  if (found !== undefined && (found.deleted_at === null || command === "restore" || command === "delete")) return found;
  const open = openOccurrences(draft, series.id).map(({ occurrence_date }) => occurrence_date ?? "");
  throw invalidField(
    "occurrence_date",
    `the series has no date ${date}${open.length === 0 ? "" : `; open are ${open.slice(0, 5).join(", ")}`}`,
  );
};

/** The occurrence that the same command has acted on within the time in which it counts as repeated. */
const justDone = (draft: Draft, series: Task, command: TaskVerb, context: SeriesContext): Task | undefined => {
  const isRecent = (at: string | null): boolean => at !== null && context.now - Date.parse(at) < REPEAT_MS;
  return occurrencesOf(draft, series.id)
    .filter((task) => isRecent(doneAt(draft, series, task, command)))
    .toSorted((one, other) => (one.updated_at < other.updated_at ? 1 : -1))[0];
};

/** When a command was given for an occurrence, as far as the occurrence shows it; null when it was not. */
const doneAt = (draft: Draft, series: Task, task: Task, command: TaskVerb): string | null => {
  const { status, deleted_at, completed_at, occurrence_outcome, updated_at } = task;
  switch (command) {
    case "complete":
      return status === "completed" && deleted_at === null && occurrence_outcome == null ? completed_at : null;
    case "skip":
      return occurrence_outcome === "skipped" && deleted_at === null ? completed_at : null;
    case "detach":
      return occurrence_outcome === "detached" && deleted_at === null ? updated_at : null;
    case "delete":
      return occurrence_outcome == null && deleted_at !== series.deleted_at ? deleted_at : null;
    case "reopen":
      return isReopened(draft, series, task) ? updated_at : null;
    case "restore":
      return null;
  }
};

/** One that is open again has changed together with its series' next date, or with the date that came after it. */
const isReopened = (draft: Draft, series: Task, task: Task): boolean =>
  isOpen(task) &&
  task.updated_at !== task.created_at &&
  ((series.updated_at === task.updated_at && series.next_occurrence_date === task.occurrence_date) ||
    occurrencesOf(draft, series.id).some((other) => isWithdrawn(other) && other.deleted_at === task.updated_at));
