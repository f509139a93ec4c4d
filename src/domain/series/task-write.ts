import { DomainError } from "../../contract/problem.ts";
import type { SeriesScope } from "../../contract/recurrence.ts";
import type { NewTask, Task, TaskFields, Warning } from "../../contract/task.ts";
import { reminderWarnings } from "../reminder/timing.ts";
import { createTask, deleteTask, patchTask, restoreTask, revise, statusFields, type TaskChange } from "../task.ts";
import { type CommandAim, makeNamedDate, targetOf, type TaskVerb } from "./command-target.ts";
import { createDraft, type Draft, type SeriesContext } from "./draft.ts";
import { openOccurrences } from "./family.ts";
import { isOccurrence } from "./occurrence.ts";
import {
  addSeries,
  asksForCompletion,
  changesRecurrence,
  editAll,
  type Edited,
  editFollowing,
  editOccurrence,
  editSeries,
  endBefore,
  hasEarlier,
  openFrom,
  openOccurrenceOf,
  refuseWithoutPattern,
  seriesOfOccurrence,
  withoutReminderIds,
} from "./series-edit.ts";
import { isSeries, refusePastPause } from "./series-rule.ts";
import { settle } from "./settle.ts";
import { countedBy } from "./times-done.ts";

export type { CommandAim, TaskVerb } from "./command-target.ts";

/** What a write of one task came to. */
export interface TaskWriteDecision {
  readonly changes: readonly TaskChange[];
  /** What is answered: the task that was acted on, as it is now; with the series' next date, for an occurrence. */
  readonly task: Task;
  readonly warnings: readonly Warning[];
}

type Tasks = ReadonlyMap<string, Task>;

/** A new task; with a pattern, the series and its first occurrence. */
export const decideCreate = (
  tasks: Tasks,
  input: NewTask,
  identity: { id: string; userId: string },
  context: SeriesContext,
): TaskWriteDecision => {
  if (input.recurrence_pattern == null) {
    refuseWithoutPattern({}, input);
    const { change, warnings } = createTask(input, identity, context);
    if (change === null) throw new Error("a new task is a change");
    return { changes: [change], task: change.after, warnings: [...warnings, ...reminderWarnings([change])] };
  }
  refusePastPause(input.recurrence_paused_until, null, context);
  const draft = createDraft(tasks, context);
  const edited = addSeries(draft, input, identity, context);
  settle(draft, context);
  if (asksForCompletion(input)) completeOpen(draft, identity.id, context);
  return decided(draft, edited);
};

/** A merge patch of one task, of a series, or of an occurrence and as many of the others as `scope` says. */
export const decidePatch = (
  tasks: Tasks,
  task: Task,
  patch: TaskFields,
  scope: SeriesScope | undefined,
  context: SeriesContext,
): TaskWriteDecision => {
  const series = isSeries(task) ? task : tasks.get(task.parent_recurring_task_id ?? "");
  refusePastPause(patch.recurrence_paused_until, series?.recurrence_paused_until, context);
  const draft = createDraft(tasks, context);
  const edited = isSeries(task)
    ? patchSeries(draft, task, patch, scope, context)
    : patchOther(draft, task, patch, scope, context);
  settle(draft, context);
  if (isSeries(draft.get(edited.id) ?? task) && asksForCompletion(patch)) completeOpen(draft, edited.id, context);
  return decided(draft, edited);
};

const patchSeries = (
  draft: Draft,
  series: Task,
  patch: TaskFields,
  scope: SeriesScope = "all",
  context: SeriesContext,
): Edited => {
  if (scope === "all") return editSeries(draft, series, patch, context);
  const { status: _status, completed: _completed, ...fields } = patch;
  const open = asksForCompletion(patch)
    ? targetOf(draft, series, "complete", {}, context)
    : (openOccurrenceOf(draft, series) ?? refuseWithoutOpen());
  return scope === "this"
    ? editOccurrence(draft, open, { ...patch, ...withoutReminderIds(patch) }, context)
    : editFollowing(draft, series, open, fields, context);
};

const refuseWithoutOpen = (): never => {
  throw new DomainError("conflict", "the series has no open occurrence");
};

const patchOther = (
  draft: Draft,
  task: Task,
  patch: TaskFields,
  scope: SeriesScope = "this",
  context: SeriesContext,
): Edited => {
  const series = isOccurrence(task) ? seriesOfOccurrence(draft, task) : undefined;
  if (series !== undefined && scope === "following") return editFollowing(draft, series, task, patch, context);
  if (series !== undefined && scope === "all") return editAll(draft, series, task, patch, context);
  if (task.parent_recurring_task_id != null) return editOccurrence(draft, task, patch, context);
  return patch.recurrence_pattern == null
    ? patchPlain(draft, task, patch, context)
    : editSeries(draft, task, patch, context);
};

const patchPlain = (draft: Draft, task: Task, patch: TaskFields, context: SeriesContext): Edited => {
  if (changesRecurrence(task, patch)) refuseWithoutPattern(task, patch);
  const { change, warnings } = patchTask(task, patch, context);
  draft.put(change);
  return { id: task.id, warnings };
};

/**
 * A command to one task, or through a series' id to the occurrence that is meant (`targetOf`). The answer is the task
 * that it acted on, with its date.
 */
export const decideCommand = (
  tasks: Tasks,
  task: Task,
  command: TaskVerb,
  aim: CommandAim,
  context: SeriesContext,
): TaskWriteDecision => {
  const made = createDraft(tasks, context);
  makeNamedDate(made, task, aim, context);
  settle(made, context);
  const later = afterOthers(context, made.changes());
  const known = new Map([...tasks, ...made.changes().map(({ after }) => [after.id, after] as const)]);
  const draft = createDraft(known, later);
  const target = targetOf(draft, known.get(task.id) ?? task, command, aim, later);
  if (command === "delete") deleteFrom(draft, target, aim.scope, later);
  else draft.put(commands[command](target, later));
  settle(draft, later);
  const decision = decided(draft, { id: target.id, warnings: [] });
  return { ...decision, changes: [...made.changes(), ...decision.changes] };
};

/** The context of a decision that follows others of the same write. */
export const afterOthers = (context: SeriesContext, changes: readonly TaskChange[]): SeriesContext => ({
  ...context,
  occurrencesMade: (seriesId) => context.occurrencesMade(seriesId) + countedBy(changes, seriesId),
});

const commands: Record<Exclude<TaskVerb, "delete">, (task: Task, context: SeriesContext) => TaskChange | null> = {
  complete: (task, context) =>
    task.occurrence_outcome === "skipped"
      ? revise(task, context, { occurrence_outcome: null })
      : revise(task, context, statusFields(task, "completed", context)),
  reopen: (task, context) =>
    revise(task, context, {
      ...statusFields(task, "pending", context),
      ...(task.occurrence_outcome === "skipped" ? { occurrence_outcome: null } : {}),
    }),
  skip: (task, context) => {
    if (!isOccurrence(task)) throw new DomainError("conflict", "only an occurrence of a recurring task can be skipped");
    return task.status === "completed"
      ? null
      : revise(task, context, { ...statusFields(task, "completed", context), occurrence_outcome: "skipped" });
  },
  detach: (task, context) => {
    if (task.parent_recurring_task_id == null)
      throw new DomainError("conflict", "only an occurrence of a recurring task can be detached");
    return revise(task, context, { occurrence_outcome: "detached" });
  },
  restore: (task, context) => restoreTask(task, context).change,
};

const deleteFrom = (draft: Draft, task: Task, scope: SeriesScope = "this", context: SeriesContext): void => {
  const series = isOccurrence(task) ? seriesOfOccurrence(draft, task) : undefined;
  const isWhole =
    series !== undefined && (scope === "all" || (scope === "following" && !hasEarlier(draft, series, task)));
  if (series === undefined || scope === "this") return draft.put(deleteTask(task, context).change);
  if (isWhole) return draft.put(deleteTask(series, context).change);
  for (const open of openFrom(draft, series, task)) draft.put(deleteTask(open, context).change);
  endBefore(draft, series, task);
};

/** As the command does it: a write that is repeated does not complete the next date. */
const completeOpen = (draft: Draft, seriesId: string, context: SeriesContext): void => {
  const series = draft.get(seriesId);
  if (series === undefined || openOccurrences(draft, seriesId).length === 0) return;
  draft.put(commands.complete(targetOf(draft, series, "complete", {}, context), context));
  settle(draft, context);
};

const decided = (draft: Draft, { id, warnings }: Edited): TaskWriteDecision => {
  const task = draft.get(id);
  if (task === undefined) throw new Error(`the decision lost the task ${id}`);
  const series = isOccurrence(task) ? draft.get(task.parent_recurring_task_id ?? "") : undefined;
  const changes = draft.changes();
  const allWarnings = [...warnings, ...reminderWarnings(changes)];
  return {
    changes,
    task: series === undefined ? task : { ...task, next_occurrence_date: series.next_occurrence_date ?? null },
    warnings: allWarnings,
  };
};
