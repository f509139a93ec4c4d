import type { Task } from "../../contract/task.ts";
import { type Civil, parseCivil } from "../civil.ts";
import { formatDueDate, parseDueDate } from "../due-date.ts";
import { timeReminders } from "../reminder/timing.ts";
import { createTask, type TaskChange } from "../task.ts";
import { toInstant } from "../time-zone.ts";
import type { SeriesContext } from "./draft.ts";
import { hasInheritedReminders, inheritReminders, instantsOf } from "./inherited-reminders.ts";

/** What an occurrence has from its series when it is made, beside the due date and reminders. */
export const inheritedFields = ["title", "description", "priority"] as const satisfies readonly (keyof Task)[];

export const isOccurrence = (task: Task): boolean =>
  task.parent_recurring_task_id != null && task.occurrence_outcome !== "detached";

/** Whether an occurrence waits to be done. */
export const isOpen = (task: Task): boolean =>
  task.status === "pending" && task.deleted_at === null && task.occurrence_outcome == null;

/** Whether it counts as a date the series has had. */
export const isWithdrawn = (task: Task): boolean => task.occurrence_outcome === "withdrawn";

/** The place of an occurrence in its series. */
export const placeOf = ({ occurrence_date, id }: Task): Civil => {
  const civil = occurrence_date == null ? undefined : parseCivil(occurrence_date);
  if (civil === undefined) throw new Error(`the occurrence ${id} has no date`);
  return civil;
};

export const zoneOf = (series: Task): string => series.recurrence_time_zone ?? "UTC";

/** The instant of a date by the rule (epoch ms); of the beginning of an all-day one. */
export const instantOf = (series: Task, date: Civil): number => toInstant(zoneOf(series), date);

/** The due date of an occurrence, in the series' own kind. */
export const dueDateAt = (series: Task, occurrenceDate: string): string => {
  const date = parseCivil(occurrenceDate);
  if (date === undefined) throw new Error(`${occurrenceDate} is no date of a series`);
  const isInstant = series.due_date !== null && parseDueDate(series.due_date)?.kind === "instant";
  return isInstant ? formatDueDate({ kind: "instant", at: instantOf(series, date) }) : occurrenceDate;
};

/** The occurrence of a series at a date, new. */
export const newOccurrence = (
  series: Task,
  occurrenceDate: string,
  id: string,
  context: Omit<SeriesContext, "occurrencesMade" | "occurrenceId">,
): TaskChange => {
  const { title, description, priority } = series;
  const input = { title, description, priority, due_date: dueDateAt(series, occurrenceDate) };
  const { change } = createTask(input, { id, userId: series.user_id }, context);
  if (change === null) throw new Error("a new task is a change");
  const made = {
    ...change.after,
    parent_recurring_task_id: series.id,
    occurrence_date: occurrenceDate,
    reminders: inheritReminders(series, { id }, context),
  };
  return { before: null, after: { ...made, ...timeReminders(null, made, context) } };
};

/** Whether an occurrence says just what its series says: nothing that was written is lost when it goes. */
export const isAsItsSeries = (series: Task, occurrence: Task): boolean =>
  occurrence.due_date === dueDateAt(series, occurrence.occurrence_date ?? "") &&
  inheritedFields.every((field) => occurrence[field] === series[field]) &&
  hasInheritedReminders(series, occurrence) &&
  instantsOf(occurrence).length === 0;

export const isUntouched = (series: Task, occurrence: Task): boolean =>
  isOpen(occurrence) && isAsItsSeries(series, occurrence);

/** When an occurrence stopped waiting to be done (epoch ms). */
export const closedAt = ({ deleted_at, completed_at, updated_at }: Task): number =>
  Date.parse(deleted_at ?? completed_at ?? updated_at);
