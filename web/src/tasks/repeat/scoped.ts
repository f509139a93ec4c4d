import type { SeriesScope } from "../../../../src/contract/recurrence.ts";
import type { Task } from "../../../../src/contract/task.ts";
import { isRunning, seriesOf } from "../series.ts";

/** One date of a series that goes on. */
export interface Repeating {
  readonly occurrence: Task;
  readonly series: Task;
}

/** The tasks that are dates of series that go on: what is done to them may be meant for other dates. */
export const repeatingOf = (view: ReadonlyMap<string, Task>, tasks: readonly Task[]): Repeating[] =>
  tasks.flatMap((occurrence) => {
    const series = seriesOf(view, occurrence);
    return series === undefined || series === occurrence || !isRunning(series) ? [] : [{ occurrence, series }];
  });

/** A task, and the dates of its series that go with it, if any do. */
export interface Scoped {
  readonly task: Task;
  readonly scope?: SeriesScope;
}

/**
 * What is done to each of the tasks when `scope` is the answer for those that repeat. Of several dates of one series
 * the earliest says it for the others as well: what follows it, or all of it, has them.
 */
export const scopedTo = (tasks: readonly Task[], repeating: readonly Repeating[], scope: SeriesScope): Scoped[] => {
  if (scope === "this") return tasks.map((task) => ({ task }));
  const seriesIds = new Map(repeating.map(({ occurrence, series }) => [occurrence.id, series.id]));
  const earliest = new Map<string, Task>();
  for (const { occurrence, series } of repeating.toSorted(byDateLatestFirst)) earliest.set(series.id, occurrence);
  return tasks.flatMap((task): Scoped[] => {
    const seriesId = seriesIds.get(task.id);
    if (seriesId === undefined) return [{ task }];
    return earliest.get(seriesId)?.id === task.id ? [{ task, scope }] : [];
  });
};

const byDateLatestFirst = ({ occurrence: one }: Repeating, { occurrence: other }: Repeating): number =>
  (other.occurrence_date ?? "").localeCompare(one.occurrence_date ?? "");
