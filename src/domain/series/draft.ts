import type { Task } from "../../contract/task.ts";
import { timeReminders } from "../reminder/timing.ts";
import { changesBetween, revise, type TaskChange, type TaskContext, type WriteContext } from "../task.ts";

/** What deciding about a series needs to know beside the moment and the user. */
export interface SeriesContext extends WriteContext {
  /** The id of a series' occurrence: the same date has the same id, whoever makes it. */
  occurrenceId(seriesId: string, occurrenceDate: string): string;
  /** The id that a reminder of a series has in an occurrence. */
  reminderId(seriesReminderId: string, occurrenceId: string): string;
  /** How many times a series has had as COUNT counts them (`isCounted`), where its rule has one. */
  occurrencesMade(seriesId: string): number;
}

/** The tasks of one decision as it makes them, and the changes it has come to so far: one a task, in order. */
export interface Draft {
  get(id: string): Task | undefined;
  tasks(): Iterable<Task>;
  changes(): readonly TaskChange[];
  changeOf(id: string): TaskChange | undefined;
  /** Takes a change over; one to a task that the draft has changed already becomes part of that change. */
  put(change: TaskChange | null): void;
  revise(task: Task, fields: Partial<Task>): void;
  /**
   * Whether a date of a series is another task's before these changes, and not any more. It passes to none in the same
   * write: what is stored is held to one task a date row by row.
   */
  isBeingLeft(seriesId: string, date: string, id?: string): boolean;
  /** Notes that a new series goes on from another one, as that one was. */
  goOn(newSeriesId: string, from: Task): void;
  /** What a task was before these changes; for a series that goes on from another one, that one. */
  earlierOf(id: string): Task | undefined;
}

export const createDraft = (read: ReadonlyMap<string, Task>, context: TaskContext): Draft => {
  const tasks = new Map(read);
  const changes = new Map<string, TaskChange>();
  let places: ReadonlyMap<string, string> | undefined;
  const goneOnFrom = new Map<string, Task>();

  const put = (change: TaskChange | null): void => {
    if (change === null) return;
    const { id } = change.after;
    const earlier = changes.get(id);
    const merged = timed(
      earlier === undefined
        ? change
        : { ...change, before: earlier.before, after: { ...change.after, version: earlier.after.version } },
      context,
    );
    const isBack = merged.before !== null && Object.keys(changesBetween(merged.before, merged.after)).length === 0;
    if (isBack) changes.delete(id);
    else changes.set(id, merged);
    tasks.set(id, isBack && merged.before !== null ? merged.before : merged.after);
  };

  return {
    get: (id) => tasks.get(id),
    tasks: () => tasks.values(),
    changes: () => [...changes.values()],
    changeOf: (id) => changes.get(id),
    put,
    revise: (task, fields) => put(revise(task, context, fields)),
    isBeingLeft(seriesId, date, id) {
      places ??= placesOf(read.values());
      const holder = tasks.get(places.get(`${seriesId} ${date}`) ?? "");
      const isThere = holder?.parent_recurring_task_id === seriesId && holder.occurrence_date === date;
      return holder !== undefined && holder.id !== id && !isThere;
    },
    goOn: (id, from) => void goneOnFrom.set(id, from),
    earlierOf: (id) => goneOnFrom.get(id) ?? (changes.has(id) ? (changes.get(id)?.before ?? undefined) : tasks.get(id)),
  };
};

const placesOf = (tasks: Iterable<Task>): ReadonlyMap<string, string> =>
  new Map(
    [...tasks].flatMap(({ id, parent_recurring_task_id: series, occurrence_date }) =>
      series == null ? [] : [[`${series} ${occurrence_date ?? ""}`, id] as const],
    ),
  );

/** When reminders were set depends on the whole write and not on its steps. */
const timed = (change: TaskChange, context: TaskContext): TaskChange => ({
  ...change,
  after: { ...change.after, ...timeReminders(change.before, change.after, context) },
});
