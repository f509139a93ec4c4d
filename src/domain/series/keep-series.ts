import type { KeptSeries, OccurrencePlan } from "../../contract/occurrences.ts";
import type { Task } from "../../contract/task.ts";
import type { TaskChange } from "../task.ts";
import { createDraft, type SeriesContext } from "./draft.ts";
import { materialise } from "./family.ts";
import { timesLeft } from "./next-date.ts";
import { isSeries } from "./series-rule.ts";
import { settle } from "./settle.ts";

export interface KeepDecision {
  readonly changes: readonly TaskChange[];
  readonly answers: readonly KeptSeries[];
  /** What was decided on and does not change: it must be the same when the changes are written. */
  readonly guards: readonly Task[];
}

/**
 * Makes the planned dates of series that are still as they were when the dates were planned. The answer says of each
 * series that its dates exist, that it has changed since (plan again from it), or that it is gone.
 */
export const decideKeep = (
  tasks: ReadonlyMap<string, Task>,
  plans: readonly OccurrencePlan[],
  context: SeriesContext,
): KeepDecision => {
  const draft = createDraft(tasks, context);
  const outcomes = plans.map((plan) => ({ plan, series: tasks.get(plan.series_id) }));
  for (const { plan, series } of outcomes) {
    if (series === undefined || !isCurrent(series, plan)) continue;
    for (const date of plan.dates) if (timesLeft(draft, series, context) > 0) materialise(draft, series, date, context);
    if (plan.passed_over !== null) draft.revise(series, { recurrence_passed_over: plan.passed_over });
  }
  settle(draft, context);
  const answers = outcomes.map(({ plan, series }): KeptSeries => {
    const { series_id } = plan;
    if (series === undefined || !isSeries(series)) return { series_id, outcome: "gone" };
    return { series_id, outcome: isCurrent(series, plan) ? "kept" : "stale", series: draft.get(series_id) ?? series };
  });
  const guards = outcomes.flatMap(({ plan, series }) =>
    series !== undefined && isCurrent(series, plan) && draft.changeOf(series.id) === undefined ? [series] : [],
  );
  return { changes: draft.changes(), answers, guards };
};

const isCurrent = (series: Task, plan: OccurrencePlan): boolean =>
  isSeries(series) && series.deleted_at === null && series.version === plan.series_version;
