import assert from "node:assert/strict";
import type { Task } from "../../src/contract/task.ts";
import { isOpen, isWithdrawn } from "../../src/domain/series/occurrence.ts";
import { isSeries } from "../../src/domain/series/series-rule.ts";
import type { Step } from "./steps.ts";
import type { Tasks } from "./world.ts";

/*
 * The rules of docs/series.md, each held against the tasks before and after a step. They look at tasks alone, and know nothing of how the
 * domain comes to them.
 */

/** One step of a history: what was there, what was done to what, and what is there. */
export interface Moment {
  readonly before: Tasks;
  readonly after: Tasks;
  readonly step: Step;
  /** Undefined when the step was refused. */
  readonly target: Task | undefined;
  readonly isDone: boolean;
}

const occurrences = (tasks: Tasks): Task[] =>
  [...tasks.values()].filter((task) => task.parent_recurring_task_id != null && !isWithdrawn(task));

const open = (tasks: Tasks): Task[] => occurrences(tasks).filter(isOpen);

const dayOf = ({ occurrence_date }: Task): string => (occurrence_date ?? "").slice(0, 10);

const hasSeveralTimesADay = (tasks: Tasks, { parent_recurring_task_id }: Task): boolean =>
  /BYHOUR/.test(tasks.get(parent_recurring_task_id ?? "")?.recurrence_rule ?? "");

/** Reopen, restore and undo bring back what was settled, whichever way they are said. */
const bringsBack = ({ step }: Moment): boolean =>
  step.kind === "undo" || ("command" in step && (step.command === "reopen" || step.command === "restore"));

const isCommand = ({ step }: Moment): boolean => "command" in step;

/** What was done, skipped, deleted or detached stays so, and where it is. */
export const settledStaysSettled = (moment: Moment): void => {
  if (bringsBack(moment) || isCommand(moment)) return;
  for (const was of occurrences(moment.before).filter((task) => !isOpen(task))) {
    const is = moment.after.get(was.id);
    const state = (task: Task | undefined) =>
      task && [task.status, task.completed_at, task.deleted_at, task.occurrence_outcome, task.occurrence_date];
    assert.deepEqual(state(is), state(was), "a settled date stays settled");
    if (moment.target?.id !== was.id) assert.equal(is?.due_date, was.due_date, "and is due when it was");
  }
};

/** No date opens on the day of a settled one of its series. */
export const settledDatesDoNotComeAgain = (moment: Moment): void => {
  if (bringsBack(moment)) return;
  const wasOpen = new Set(open(moment.before).map((task) => `${task.id} ${task.occurrence_date ?? ""}`));
  const settled = occurrences(moment.after).filter((task) => !isOpen(task));
  for (const task of open(moment.after)) {
    if (wasOpen.has(`${task.id} ${task.occurrence_date ?? ""}`)) continue;
    const isAgain = (other: Task): boolean =>
      other.parent_recurring_task_id === task.parent_recurring_task_id &&
      (hasSeveralTimesADay(moment.after, task)
        ? other.occurrence_date === task.occurrence_date
        : dayOf(other) === dayOf(task));
    assert.ok(!settled.some(isAgain), `${task.occurrence_date ?? ""} was settled and is open again`);
  }
};

/** An edit that changes no date field changes no date. */
export const wordsChangeNoDate = (moment: Moment): void => {
  const { step, isDone } = moment;
  const isWords =
    step.kind === "write" || (step.kind === "series" && ("rename" in step.edit || "catchUp" in step.edit));
  if (!isWords || !isDone) return;
  const dates = (tasks: Tasks) =>
    occurrences(tasks).map(({ id, occurrence_date, due_date, status }) => [id, occurrence_date, due_date, status]);
  assert.deepEqual(dates(moment.after).toSorted(byText), dates(moment.before).toSorted(byText));
  const next = (tasks: Tasks) => {
    const series = [...tasks.values()].filter((task) => isSeries(task) && task.deleted_at === null);
    const dates = series.flatMap(({ next_occurrence_date }) => next_occurrence_date ?? []);
    return dates.filter((date) => !open(tasks).some(({ occurrence_date }) => occurrence_date === date));
  };
  assert.deepEqual(next(moment.after).toSorted(), next(moment.before).toSorted());
};

const byText = (one: unknown, other: unknown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

/** An open date that is still one has the id it had. */
export const idsStayWithTheirDates = (moment: Moment): void => {
  if (bringsBack(moment) || isCommand(moment)) return;
  for (const was of open(moment.before)) {
    // What was moved by hand took its id along.
    if (moment.step.kind === "move" && moment.target?.id === was.id) continue;
    if (hasSeveralTimesADay(moment.before, was) || hasSeveralTimesADay(moment.after, was)) continue;
    const is = moment.after.get(was.id);
    if (is !== undefined && isOpen(is) && is.parent_recurring_task_id !== was.parent_recurring_task_id) continue;
    const sameDay = open(moment.after).filter(
      (task) => task.parent_recurring_task_id === was.parent_recurring_task_id && dayOf(task) === dayOf(was),
    );
    if (sameDay.length > 0 && !open(moment.before).some((task) => task.id === sameDay[0]?.id && task.id !== was.id))
      assert.ok(
        sameDay.some(({ id }) => id === was.id),
        `${was.occurrence_date ?? ""} has another id`,
      );
  }
};

/** An edit leaves no more dates to come open than it found, but for the one that a series needs. */
export const editsOpenNoMoreDates = (moment: Moment, now: number): void => {
  if (moment.step.kind !== "series" && moment.step.kind !== "move" && moment.step.kind !== "write") return;
  const ahead = (tasks: Tasks) => open(tasks).filter(({ due_at }) => Date.parse(due_at ?? "") > now).length;
  const series = new Set(open(moment.after).map((task) => task.parent_recurring_task_id));
  assert.ok(ahead(moment.after) <= Math.max(ahead(moment.before) + 1, series.size));
};

/** What a series that goes on has next is open. */
export const theNextDateIsOpen = ({ after }: Moment, now: number): void => {
  for (const series of [...after.values()].filter(isSeries)) {
    const own = [...after.values()].filter((task) => task.parent_recurring_task_id === series.id);
    if (series.deleted_at !== null) {
      assert.ok(!own.some(isOpen), "a deleted series has nothing open");
      continue;
    }
    const isPaused = series.recurrence_paused_until != null && Date.parse(series.recurrence_paused_until) > now - DAY;
    if (series.recurrence_pattern == null || series.next_occurrence_date == null || isPaused) continue;
    const next = own.find(({ occurrence_date }) => occurrence_date === series.next_occurrence_date);
    assert.ok(next !== undefined && isOpen(next), `the next date ${series.next_occurrence_date} is open`);
  }
};

const DAY = 86_400_000;

/** What people wrote on one date, by the text: each is looked for wherever it may be. */
export type WrittenTexts = Map<string, { readonly field: "title" | "description"; readonly id: string }>;

/** What somebody wrote on one date is on a date of the user's, and out of sight only while its series has no date for it. */
export const whatWasWrittenIsKept = ({ after }: Moment, texts: WrittenTexts): void => {
  for (const [text, { field }] of texts) {
    const holders = [...after.values()].filter((task) => task[field] === text);
    assert.ok(holders.length > 0, `“${text}” is gone`);
    const isSeen = holders.some((task) => !isWithdrawn(task));
    assert.ok(isSeen || holders.some((task) => hasNoDateFor(after, task)), `“${text}” is out of sight`);
  }
};

/** A series that is deleted or paused, or ends before a date, keeps what was written on it out of sight. */
const hasNoDateFor = (tasks: Tasks, withdrawn: Task): boolean => {
  const series = tasks.get(withdrawn.parent_recurring_task_id ?? "");
  if (series === undefined || series.deleted_at !== null) return true;
  const { recurrence_end_date: end, recurrence_paused_until: paused, next_occurrence_date: next } = series;
  return next == null || paused != null || (end != null && end < dayOf(withdrawn));
};
