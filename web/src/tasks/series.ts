import type { Task } from "../../../src/contract/task.ts";
import { isOverdue, type Clock } from "../time/due-date.ts";

/** What a task is to a series: pure, over what this device knows. */

type Tasks = Iterable<Task>;
type View = ReadonlyMap<string, Task>;

/**
 * Whether the server keeps the task as a series, also one that has ended. A task that was just given a pattern is none
 * yet: it stays in its list until its first occurrence can take its place.
 */
export const isSeries = ({ recurrence_basis, recurrence_pattern, recurrence_rule }: Task): boolean =>
  recurrence_rule != null || (recurrence_basis != null && recurrence_pattern == null);

/** Whether more occurrences may come of a series. */
export const isRunning = (series: Task): boolean => series.recurrence_pattern != null && series.deleted_at === null;

/** Whether nothing comes of a series before a later day. */
export const isPaused = ({ recurrence_paused_until }: Task, clock: Clock): boolean =>
  (recurrence_paused_until ?? "") > clock.day;

/** An occurrence that its series took back: it is in nobody's list and nobody's trash. */
export const isWithdrawn = ({ occurrence_outcome }: Task): boolean => occurrence_outcome === "withdrawn";

export const isSkipped = ({ occurrence_outcome }: Task): boolean => occurrence_outcome === "skipped";

const isOccurrenceOf = (task: Task, seriesId: string): boolean =>
  task.parent_recurring_task_id === seriesId && task.occurrence_outcome !== "detached" && !isWithdrawn(task);

/** The series that an occurrence is one of, or the task itself when it is one; also one that has ended. */
export const seriesOf = (view: View, task: Task): Task | undefined => {
  if (isSeries(task)) return task;
  const series = view.get(task.parent_recurring_task_id ?? "");
  return series !== undefined && series.deleted_at === null && isOccurrenceOf(task, series.id) ? series : undefined;
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byPlace = (a: Task, b: Task): number => compare(a.occurrence_date ?? "", b.occurrence_date ?? "");

/** The occurrences of a series by their dates, the latest last. */
export const occurrencesOf = (tasks: Tasks, seriesId: string): Task[] =>
  [...tasks].filter((task) => isOccurrenceOf(task, seriesId) && task.deleted_at === null).toSorted(byPlace);

/** The occurrence that waits to be done, the earliest when there are several. */
export const openOccurrenceOf = (tasks: Tasks, seriesId: string): Task | undefined =>
  occurrencesOf(tasks, seriesId).find(({ completed }) => !completed);

/** What was completed or skipped of a series, the latest first. */
export const historyOf = (tasks: Tasks, seriesId: string): Task[] =>
  occurrencesOf(tasks, seriesId)
    .filter(({ completed }) => completed)
    .toReversed();

/**
 * How many dates in a row were done. What was skipped neither counts nor ends the row; a date that passed without being
 * done ends it, and so do dates that were left out while the server was away.
 */
export const streakOf = (series: Task, occurrences: readonly Task[], clock: Clock): number => {
  const [leftOut = ""] = (series.recurrence_passed_over ?? "").split("/");
  const past = occurrences
    .toSorted(byPlace)
    .toReversed()
    .filter((task) => !isSkipped(task) && !isStillToDo(task, clock));
  const end = past.findIndex(({ completed, occurrence_date }) => !completed || (occurrence_date ?? "") < leftOut);
  return end < 0 ? past.length : end;
};

const isStillToDo = ({ completed, due_date }: Task, clock: Clock): boolean =>
  !completed && (due_date === null || !isOverdue(due_date, clock));

/**
 * The occurrence that took the place of a task in the lists: of one that was made a series, or of an occurrence that a
 * change of the rule took back.
 */
export const successorOf = (view: View, id: string): Task | undefined => {
  const task = view.get(id);
  if (task === undefined) return undefined;
  if (isSeries(task)) return openOccurrenceOf(view.values(), id);
  return isWithdrawn(task) ? openOccurrenceOf(view.values(), task.parent_recurring_task_id ?? "") : undefined;
};

/** Every series: those that go on by their next date, those that have ended after them. */
export const selectSeries = (tasks: Tasks): { running: Task[]; ended: Task[] } => {
  const series = [...tasks].filter((task) => isSeries(task) && task.deleted_at === null);
  const next = ({ next_occurrence_date }: Task): string => next_occurrence_date ?? "~";
  const sorted = series.toSorted(
    (a, b) => compare(next(a), next(b)) || compare(a.title, b.title) || compare(a.id, b.id),
  );
  return {
    running: sorted.filter(({ next_occurrence_date }) => next_occurrence_date != null),
    ended: sorted.filter(({ next_occurrence_date }) => next_occurrence_date == null),
  };
};
