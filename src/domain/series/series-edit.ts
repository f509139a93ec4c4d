import { DomainError, invalidField } from "../../contract/problem.ts";
import type { WritableRecurrence } from "../../contract/recurrence.ts";
import type { Task, TaskFields, Warning } from "../../contract/task.ts";
import { parseDueDate } from "../due-date.ts";
import { createTask, patchTask, statusOf } from "../task.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { occurrencesOf, openOccurrences, withdraw } from "./family.ts";
import { dueDateAt, isOpen, isWithdrawn } from "./occurrence.ts";
import { dayBefore, movedAnchor, patternFrom } from "./pattern-after.ts";
import { isSeries, readRule } from "./series-rule.ts";

/** What an edit came to: the task to answer with, by its id, and what its user should know. */
export interface Edited {
  readonly id: string;
  readonly warnings: readonly Warning[];
}

const recurrenceNames = [
  "recurrence_pattern",
  "recurrence_end_date",
  "recurrence_basis",
  "recurrence_catch_up",
  "recurrence_paused_until",
] as const satisfies readonly (keyof WritableRecurrence)[];

/** Whether a write says anything about repeating that is not as it is. */
export const changesRecurrence = (task: Partial<Task>, patch: TaskFields): boolean =>
  recurrenceNames.some((name) => patch[name] !== undefined && patch[name] !== (task[name] ?? null));

/** Makes a task that repeats: the series. Its first occurrence follows when the draft is settled. */
export const addSeries = (
  draft: Draft,
  input: TaskFields & { title: string },
  identity: { id: string; userId: string },
  context: SeriesContext,
): Edited => {
  const { change, warnings } = createTask({ ...input, status: "pending", completed: false }, identity, context);
  if (change === null) throw new Error("a new task is a change");
  const rule = ruleOf(change.after, input, context);
  draft.put({ before: null, after: { ...change.after, ...rule.fields } });
  return { id: identity.id, warnings: [...warnings, ...rule.warnings] };
};

/** Edits a series, or makes one of a task. What it has and its occurrences had from it changes in the open ones too. */
export const editSeries = (draft: Draft, series: Task, patch: TaskFields, context: SeriesContext): Edited => {
  const { status: _status, completed: _completed, ...fields } = patch;
  const { change, warnings } = patchTask(series, fields, context);
  const edited = change?.after ?? series;
  if (series.status === "completed")
    throw new DomainError("conflict", "a completed task cannot repeat; reopen it first");
  const rule = ruleOf(edited, patch, context);
  draft.put(change);
  draft.revise(edited, rule.fields);
  return {
    id: series.id,
    warnings: [
      ...new Set([
        ...warnings,
        ...(changesRecurrence(series, patch) || patch.due_date !== undefined ? rule.warnings : []),
      ]),
    ],
  };
};

/** The fields about repeating after a write. Without a pattern a series has ended. */
const ruleOf = (
  task: Task,
  patch: WritableRecurrence,
  context: SeriesContext,
): { fields: Partial<Task>; warnings: readonly Warning[] } => {
  const wanted = {
    ...task,
    ...Object.fromEntries(
      recurrenceNames.filter((name) => patch[name] !== undefined).map((name) => [name, patch[name]]),
    ),
  };
  const { recurrence_pattern } = wanted;
  if (recurrence_pattern == null) {
    refuseWithoutPattern(task, patch);
    return { fields: endedFields, warnings: [] };
  }
  return readRule({ ...wanted, recurrence_pattern }, zoneFor(task, context));
};

const endedFields = {
  recurrence_pattern: null,
  recurrence_rule: null,
  recurrence_text: null,
  recurrence_end_date: null,
  recurrence_paused_until: null,
  next_occurrence_date: null,
} as const satisfies Partial<Task>;

/** An instant keeps the zone in which the series was made with it; dates and wall-clock times run in the user's. */
const zoneFor = (task: Task, { zone }: SeriesContext): string => {
  const isInstant = task.due_date !== null && parseDueDate(task.due_date)?.kind === "instant";
  return (isInstant ? task.recurrence_time_zone : null) ?? zone;
};

/** @throws DomainError for a field that means nothing without a pattern */
export const refuseWithoutPattern = (task: Partial<Task>, patch: WritableRecurrence): void => {
  const lost = recurrenceNames.find(
    (name) => name !== "recurrence_pattern" && patch[name] != null && patch[name] !== (task[name] ?? null),
  );
  if (lost !== undefined && patch.recurrence_pattern == null)
    throw invalidField(lost, "means nothing without a recurrence_pattern");
};

/** Edits one occurrence alone. Its place in the series stays. @throws DomainError for what belongs to the series */
export const editOccurrence = (draft: Draft, occurrence: Task, patch: TaskFields, context: SeriesContext): Edited => {
  if (changesRecurrence(occurrence, patch))
    throw invalidField(
      recurrenceNames.find((name) => patch[name] != null) ?? "recurrence_pattern",
      "belongs to the series; send ?scope=following or ?scope=all",
    );
  const { change, warnings } = patchTask(occurrence, patch, context);
  draft.put(change);
  return { id: occurrence.id, warnings };
};

/** Edits the series of an occurrence; a new due date moves all dates by as many days, to the new time. */
export const editAll = (
  draft: Draft,
  series: Task,
  occurrence: Task,
  patch: TaskFields,
  context: SeriesContext,
): Edited => {
  const { due_date, ...others } = { ...patch, ...withoutReminderIds(patch) };
  if (due_date === null) throw invalidField("due_date", "a task that repeats needs a due date");
  const isMoved = due_date !== undefined && due_date !== occurrence.due_date && parseDueDate(due_date) !== undefined;
  return editSeries(
    draft,
    series,
    isMoved ? { ...others, due_date: movedAnchor(series, occurrence, due_date) } : others,
    context,
  );
};

/** A series and its occurrences have reminders for the same under ids of their own. */
export const withoutReminderIds = ({ reminders }: TaskFields): Pick<TaskFields, "reminders"> =>
  reminders == null ? {} : { reminders: reminders.map(({ id: _id, ...reminder }) => reminder) };

/** Ends the series before an occurrence and goes on from there as another one, with the changes. */
export const editFollowing = (
  draft: Draft,
  series: Task,
  occurrence: Task,
  patch: TaskFields,
  context: SeriesContext,
): Edited => {
  if (!hasEarlier(draft, series, occurrence)) return editAll(draft, series, occurrence, patch, context);
  const pattern =
    patch.recurrence_pattern === undefined ? patternFrom(series, occurrence, context) : patch.recurrence_pattern;
  if (pattern === null) return endAt(draft, series, occurrence, patch, context);
  const { title, description, priority, reminders = [] } = occurrence;
  const {
    recurrence_end_date = null,
    recurrence_basis = null,
    recurrence_catch_up = null,
    recurrence_paused_until = null,
  } = series;
  const { status: _status, completed: _completed, ...changes } = patch;
  const fields = {
    title,
    description,
    priority,
    due_date: dueDateAt(series, occurrence.occurrence_date ?? ""),
    reminders,
    recurrence_end_date,
    recurrence_basis,
    recurrence_catch_up,
    recurrence_paused_until,
    ...changes,
    recurrence_pattern: pattern,
  };
  for (const task of openFrom(draft, series, occurrence)) withdraw(draft, task, context);
  endBefore(draft, series, occurrence);
  return addSeries(
    draft,
    { ...fields, ...withoutReminderIds(fields) },
    { id: context.newId(), userId: series.user_id },
    context,
  );
};

/** This one stays as a task of its own, and none follows. */
const endAt = (draft: Draft, series: Task, occurrence: Task, patch: TaskFields, context: SeriesContext): Edited => {
  const { recurrence_pattern: _pattern, ...content } = patch;
  const { change, warnings } = patchTask(occurrence, content, context);
  draft.put(change);
  draft.revise(change?.after ?? occurrence, { occurrence_outcome: "detached" });
  for (const task of openFrom(draft, series, occurrence)) withdraw(draft, task, context);
  endBefore(draft, series, occurrence);
  return { id: occurrence.id, warnings };
};

/** The series' last day is the one before the occurrence. */
export const endBefore = (draft: Draft, series: Task, occurrence: Task): void =>
  draft.revise(series, { recurrence_end_date: dayBefore(occurrence) });

export const hasEarlier = (draft: Draft, series: Task, occurrence: Task): boolean =>
  occurrencesOf(draft, series.id).some(
    (task) => !isWithdrawn(task) && (task.occurrence_date ?? "") < (occurrence.occurrence_date ?? ""),
  );

/** The open occurrences from one on. */
export const openFrom = (draft: Draft, series: Task, occurrence: Task): Task[] =>
  openOccurrences(draft, series.id).filter(
    (task) => (task.occurrence_date ?? "") >= (occurrence.occurrence_date ?? ""),
  );

/** The occurrence that a write through the series' id is meant for: the earliest open one. */
export const openOccurrenceOf = (draft: Draft, series: Task): Task | undefined => openOccurrences(draft, series.id)[0];

/** The occurrence that was completed, skipped or deleted last. */
export const closedOccurrenceOf = (draft: Draft, series: Task): Task | undefined =>
  occurrencesOf(draft, series.id).findLast(
    (task) => !isOpen(task) && task.deleted_at === null && task.occurrence_outcome !== "detached",
  );

/** Whether a patch asks for the task to be completed. */
export const asksForCompletion = (patch: TaskFields): boolean => statusOf(patch) === "completed";

/** The series of an occurrence, unless it is gone for good or in the trash. */
export const seriesOfOccurrence = (draft: Draft, occurrence: Task): Task | undefined => {
  const series = draft.get(occurrence.parent_recurring_task_id ?? "");
  return series !== undefined && isSeries(series) && series.deleted_at === null ? series : undefined;
};
