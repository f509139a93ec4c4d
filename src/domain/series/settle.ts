import type { Task } from "../../contract/task.ts";
import { moveToClock, type TaskChange } from "../task.ts";
import { applyRule } from "./apply-rule.ts";
import { compareDates, occurrencesOf, openOccurrences, withdraw } from "./family.ts";
import type { Draft, SeriesContext } from "./draft.ts";
import { hasInheritedReminders, inheritReminders, instantsOf, takeInstants } from "./inherited-reminders.ts";
import { type NextDate, nextDateOf, timesLeft } from "./next-date.ts";
import {
  closedAt,
  dueDateAt,
  inheritedFields,
  instantOf,
  isOccurrence,
  isOpen,
  isUntouched,
  isWithdrawn,
  placeOf,
} from "./occurrence.ts";
import { isSeries, ruleFieldNames } from "./series-rule.ts";

/**
 * What follows for series from the changes a draft has come to: which occurrence is next, which are not needed any
 * more, what open ones take over. It looks at the tasks as they are and not at what was done, so a command, an edit, an
 * undo and the processor end alike. What returns to an earlier state has its dates already, and none is moved.
 */
export const settle = (draft: Draft, context: SeriesContext, returning?: Return): void => {
  const changes = draft.changes();
  for (const change of changes) if (isReopened(change)) withdrawLater(draft, change, context);
  for (const id of touchedSeries(changes)) settleSeries(draft, id, context, returning);
};

/** A return to an earlier state. */
export interface Return {
  /** What was there before this moment has been put back as it was already, and takes nothing over. */
  readonly madeSince: string;
}

const isReopened = ({ before, after }: TaskChange): boolean =>
  isOccurrence(after) && before !== null && !isOpen(before) && !isWithdrawn(before) && isOpen(after);

const touchedSeries = (changes: readonly TaskChange[]): Set<string> =>
  new Set(
    changes.flatMap(({ before, after }) =>
      [
        ...(isSeries(after) ? [after.id] : []),
        after.parent_recurring_task_id ?? [],
        before?.parent_recurring_task_id ?? [],
      ].flat(),
    ),
  );

/**
 * An occurrence that is open again is the next one again, as long as nothing was done with those that were made since it
 * was closed and its own time would not have brought them anyway. What was open before it was closed stays.
 */
const withdrawLater = (draft: Draft, { before, after: reopened }: TaskChange, context: SeriesContext): void => {
  const closed = before === null ? null : closedAt(before);
  const isSince = ({ updated_at }: Task): boolean => closed === null || Date.parse(updated_at) >= closed;
  const series = draft.get(reopened.parent_recurring_task_id ?? "");
  if (series === undefined) return;
  const isLater = (task: Task): boolean => compareDates(task.occurrence_date ?? "", reopened.occurrence_date ?? "") > 0;
  const later = occurrencesOf(draft, series.id).filter((task) => isLater(task) && !isWithdrawn(task));
  // What the same write changes in the series has not been handed down yet.
  const handedDown = draft.changeOf(series.id)?.before ?? series;
  const cameByTime = series.recurrence_basis === "schedule" && instantOf(series, placeOf(reopened)) <= context.now;
  const madeSince = later.filter((task) => isSince(task) && draft.changeOf(task.id) === undefined);
  if (!cameByTime && later.every((task) => isUntouched(handedDown, task)))
    for (const task of madeSince) withdraw(draft, task, context);
  // What is open again is one of the times of COUNT again.
  const isBeyondCount = (): boolean => timesLeft(draft, series, context) < 0;
  for (const task of madeSince.toReversed())
    if (isBeyondCount() && isUntouched(handedDown, task)) withdraw(draft, task, context);
};

const settleSeries = (draft: Draft, id: string, context: SeriesContext, returning: Return | undefined): void => {
  const series = draft.get(id);
  if (series === undefined || !isSeries(series)) return;
  const isNew = draft.earlierOf(id) === undefined;
  const before = draft.earlierOf(id) ?? series;
  if (series.deleted_at !== null) return trashOpen(draft, series);
  if (before.deleted_at !== null) restoreTrashedWith(draft, series, before.deleted_at);
  const isOtherRule = isNew || ruleFieldNames.some((field) => (before[field] ?? null) !== (series[field] ?? null));
  if (isOtherRule && returning === undefined) applyRule(draft, before, series, context);
  if (isOtherRule || before.deleted_at !== null || draft.changes().some((change) => isNewShape(change, id)))
    setNext(draft, draft.get(id) ?? series, nextDateOf(draft, series, context));
  handDown(draft, before, draft.get(id) ?? series, returning?.madeSince ?? "", context);
  handDownInstants(draft, id, context);
};

/** What is open goes to the trash with its series, and comes back with it. */
const trashOpen = (draft: Draft, series: Task): void => {
  for (const task of openOccurrences(draft, series.id)) draft.revise(task, { deleted_at: series.deleted_at });
};

const restoreTrashedWith = (draft: Draft, series: Task, deletedAt: string): void => {
  for (const task of occurrencesOf(draft, series.id))
    if (task.deleted_at === deletedAt && task.occurrence_outcome == null) draft.revise(task, { deleted_at: null });
};

/** Whether a change opens, closes or moves a date of the series. What was written on one changes no date. */
const isNewShape = ({ before, after }: TaskChange, seriesId: string): boolean =>
  (after.parent_recurring_task_id === seriesId || before?.parent_recurring_task_id === seriesId) &&
  (before === null || shapeFields.some((field) => (before[field] ?? null) !== (after[field] ?? null)));

const shapeFields = [
  "parent_recurring_task_id",
  "occurrence_date",
  "occurrence_outcome",
  "status",
  "completed_at",
  "deleted_at",
] as const satisfies readonly (keyof Task)[];

const setNext = (draft: Draft, series: Task, { date, passedOver }: NextDate): void =>
  draft.revise(series, {
    next_occurrence_date: date,
    ...(passedOver === null ? {} : { recurrence_passed_over: passedOver }),
  });

/**
 * What the series has and an open occurrence had from it changes there too; what was changed in the occurrence alone
 * stays. A withdrawn one takes part, so that what differs in it when it comes back is what somebody wrote.
 */
const handDown = (draft: Draft, before: Task, series: Task, madeSince: string, context: SeriesContext): void => {
  const heirs = occurrencesOf(draft, series.id).filter(
    (task) => (isOpen(task) || isWithdrawn(task)) && task.created_at >= madeSince,
  );
  for (const task of heirs) {
    const date = task.occurrence_date ?? "";
    const inherited = inheritedFields
      .filter((field) => task[field] === before[field])
      .map((field) => [field, series[field]]);
    const dueDate =
      before.due_date !== null && task.due_date === dueDateAt(before, date)
        ? { due_date: dueDateAt(series, date) }
        : {};
    const reminders =
      !hasInheritedReminders(before, series) && hasInheritedReminders(before, task)
        ? { reminders: inheritReminders(series, task, context) }
        : {};
    draft.revise(task, { ...Object.fromEntries(inherited), ...dueDate, ...reminders });
    draft.put(moveToClock(draft.get(task.id) ?? task, context));
  }
};

/** A reminder at an instant that a series was given is for the occurrence that is open, or that will be. */
const handDownInstants = (draft: Draft, seriesId: string, context: SeriesContext): void => {
  const [series, [open]] = [draft.get(seriesId), openOccurrences(draft, seriesId)];
  const instants = series === undefined ? [] : instantsOf(series);
  if (series === undefined || open === undefined || instants.length === 0) return;
  draft.revise(open, { reminders: takeInstants(instants, open, context) });
  draft.revise(series, { reminders: (series.reminders ?? []).filter((reminder) => !instants.includes(reminder)) });
};
