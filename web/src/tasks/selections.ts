import type { Priority, Task } from "../../../src/contract/task.ts";
import { civilOf, dayOf, type CivilDay, type Clock } from "../time/due-date.ts";
import { isSeries, isSkipped, isWithdrawn } from "./series.ts";

/**
 * Views are selections over all tasks (occurrences, but not the series they belong to): pure, so that every screen is a
 * function of what is known and of the clock.
 */

export const sortChoices = ["due", "priority", "newest", "title"] as const;
export type SortChoice = (typeof sortChoices)[number];

export interface Day {
  readonly day: CivilDay;
  readonly tasks: readonly Task[];
}

/** Ids of tasks that were just completed and stay in their place for a moment. */
export type Lingering = ReadonlySet<string>;
const none: Lingering = new Set();

type Tasks = Iterable<Task>;
type Comparison = (a: Task, b: Task) => number;

const isOpen = (task: Task, lingering: Lingering): boolean =>
  task.deleted_at === null && (!task.completed || lingering.has(task.id)) && !isSeries(task);
const openTasks = (tasks: Tasks, lingering: Lingering): Task[] => [...tasks].filter((task) => isOpen(task, lingering));

/** Overdue days first, then what is due today. */
export const selectToday = (
  tasks: Tasks,
  clock: Clock,
  lingering = none,
  sort: SortChoice = "due",
): { overdue: Task[]; today: Task[] } => {
  const upToToday = openTasks(tasks, lingering).filter(
    ({ due_date }) => due_date !== null && dayOf(due_date, clock.zone) <= clock.day,
  );
  const sorted = upToToday.toSorted(comparisonOf(sort, clock.zone));
  const isBefore = ({ due_date }: Task): boolean => due_date !== null && dayOf(due_date, clock.zone) < clock.day;
  return { overdue: sorted.filter(isBefore), today: sorted.filter((task) => !isBefore(task)) };
};

/** What the sidebar counts: overdue and due today. */
export const countToday = (tasks: Tasks, clock: Clock): number => {
  const { overdue, today } = selectToday(tasks, clock);
  return overdue.length + today.length;
};

/** From tomorrow on, by day, and within each by the sort. */
export const selectUpcoming = (tasks: Tasks, clock: Clock, lingering = none, sort: SortChoice = "due"): Day[] => {
  const coming = openTasks(tasks, lingering).filter(
    ({ due_date }) => due_date !== null && dayOf(due_date, clock.zone) > clock.day,
  );
  const days = Map.groupBy(coming.toSorted(byDue(clock.zone)), ({ due_date }) => dayOf(due_date ?? "", clock.zone));
  const comparison = comparisonOf(sort, clock.zone);
  return [...days].map(([day, dayTasks]) => ({ day, tasks: dayTasks.toSorted(comparison) }));
};

/** Everything that is to be done. */
export const selectAll = (tasks: Tasks, clock: Clock, sort: SortChoice, lingering = none): Task[] =>
  openTasks(tasks, lingering).toSorted(comparisonOf(sort, clock.zone));

/** Completed tasks, not what was skipped, by the day of completion, the latest first. */
export const selectCompleted = (tasks: Tasks, clock: Clock): Day[] => {
  const completed = [...tasks].filter((task) => task.completed && task.deleted_at === null && !isSkipped(task));
  const sorted = completed.toSorted(
    (a, b) => compare(b.completed_at ?? "", a.completed_at ?? "") || compare(a.id, b.id),
  );
  const days = Map.groupBy(sorted, ({ completed_at, updated_at }) => dayOf(completed_at ?? updated_at, clock.zone));
  return [...days].map(([day, dayTasks]) => ({ day, tasks: dayTasks }));
};

/**
 * The trash, what was thrown away last first. Of a series that was thrown away the series alone: it brings its
 * occurrences back.
 */
export const selectTrash = (tasks: Tasks): Task[] =>
  [...tasks]
    .filter((task) => task.deleted_at !== null && !isWithdrawn(task))
    .toSorted((a, b) => compare(b.deleted_at ?? "", a.deleted_at ?? "") || compare(a.id, b.id));

/** Tasks whose title has every word of the query, those that start with it first. For the palette. */
export const findByTitle = (tasks: Tasks, query: string, limit: number): Task[] => {
  const words = folded(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const hits = [...tasks].filter(
    (task) => task.deleted_at === null && !isSeries(task) && words.every((word) => folded(task.title).includes(word)),
  );
  const rank = ({ title, completed }: Task): number =>
    (completed ? 2 : 0) + (folded(title).startsWith(words[0] ?? "") ? 0 : 1);
  return hits.toSorted((a, b) => rank(a) - rank(b) || byTitle(a, b)).slice(0, limit);
};

/** Without case and accents. */
const folded = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const priorityRank: Record<Priority, number> = { high: 0, medium: 1, low: 2 };
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const byPriority: Comparison = (a, b) => priorityRank[a.priority] - priorityRank[b.priority];
const byAge: Comparison = (a, b) => compare(a.created_at, b.created_at) || compare(a.id, b.id);
const byTitle: Comparison = (a, b) => collator.compare(a.title, b.title) || byAge(a, b);

/** By day; within a day what has a time first, in order, then by priority. What has no date comes last. */
const byDue = (zone: string): Comparison => {
  const keys = new Map<string, string>();
  const keyOf = ({ due_date }: Task): string => {
    if (due_date === null) return "~";
    const known = keys.get(due_date) ?? keyOfDay(civilOf(due_date, zone));
    keys.set(due_date, known);
    return known;
  };
  return (a, b) => compare(keyOf(a), keyOf(b)) || byPriority(a, b) || byAge(a, b);
};

/** A whole day sorts behind all of its times. */
const keyOfDay = (civil: string): string => (civil.length > 10 ? civil : `${civil}T~`);

const comparisonOf = (sort: SortChoice, zone: string): Comparison => {
  const due = byDue(zone);
  switch (sort) {
    case "due":
      return due;
    case "priority":
      return (a, b) => byPriority(a, b) || due(a, b);
    case "newest":
      return (a, b) => byAge(b, a);
    case "title":
      return byTitle;
  }
};
