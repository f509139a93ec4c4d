import type { Task } from "../../contract/task.ts";
import type { TaskChange } from "../task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { isWithdrawn } from "./occurrence.ts";

/*
 * COUNT is how often a series is done, so what was skipped, deleted or passed over does not count; what waits to be done does, as it is
 * one of the times.
 */

/** Whether an occurrence is one of the times that COUNT counts. */
export const isCounted = (task: Task): boolean =>
  !isWithdrawn(task) &&
  task.occurrence_outcome !== "skipped" &&
  (task.deleted_at === null || task.status === "completed");

/** How many times a series has had once these changes are made, beyond those it had before. */
export const countedBy = (changes: readonly TaskChange[], seriesId: string): number =>
  changes.reduce((sum, { before, after }) => sum + countedIn(after, seriesId) - countedIn(before, seriesId), 0);

const countedIn = (task: Task | null, seriesId: string): number =>
  task !== null && task.parent_recurring_task_id === seriesId && isCounted(task) ? 1 : 0;

/** How many times a series has had, as the draft has it. */
export const timesHad = (draft: Draft, seriesId: string, context: SeriesContext): number =>
  context.occurrencesMade(seriesId) + countedBy(draft.changes(), seriesId);
