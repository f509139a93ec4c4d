import assert from "node:assert/strict";
import type { Task } from "../../src/contract/task.ts";
import { instantOf, isOpen, isWithdrawn, placeOf } from "../../src/domain/series/occurrence.ts";
import { isCounted } from "../../src/domain/series/times-done.ts";
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
  const wasOpen = new Set(open(moment.before).map((task) => `${task.id} ${dayOf(task)}`));
  const settled = occurrences(moment.after).filter((task) => !isOpen(task));
  for (const task of open(moment.after)) {
    if (wasOpen.has(`${task.id} ${dayOf(task)}`)) continue;
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

/** A series takes another title at any time, whatever has become of its dates. */
export const wordsAreNotRefused = ({ step, target, isDone }: Moment): void => {
  if (target === undefined || target.deleted_at !== null) return;
  if (step.kind === "series" && "rename" in step.edit) assert.ok(isDone, "a rename is refused");
  const isSettled = !isOpen(target) && step.kind === "write" && step.scope === "following";
  if (step.kind === "write" && !isSettled) assert.ok(isDone, "a word is refused");
};

/** Said of this and the following, or of all, it is said of every open date that had it from the series. */
export const wordsReachWhatIsMeant = ({ before, after, step, target, isDone }: Moment): void => {
  if (step.kind !== "write" || step.scope === "this" || !isDone || target === undefined) return;
  if (target.occurrence_outcome === "detached") return;
  const { field, scope } = step;
  const series = before.get(target.parent_recurring_task_id ?? "");
  if (field === "reminders" || series === undefined || series.deleted_at !== null) return;
  const isMeant = ({ occurrence_date }: Task): boolean =>
    scope === "all" || (occurrence_date ?? "") >= (target.occurrence_date ?? "");
  const own = open(before).filter(
    (task) => task.parent_recurring_task_id === series.id && task[field] === series[field] && isMeant(task),
  );
  const said = after.get(target.id)?.[field];
  for (const { id } of own) assert.equal(after.get(id)?.[field], said, "what is said of all is said of each");
};

/** Another time of the same day moves no date to another day, but those that would be past with it. */
export const anotherTimeMovesNoDay = (moment: Moment, now: number): void => {
  const { before, after, step, isDone } = moment;
  if (step.kind !== "series" || !("time" in step.edit) || !isDone) return;
  const tomorrow = new Date(now + 2 * DAY).toISOString().slice(0, 10);
  for (const was of open(before)) {
    const series = after.get(was.parent_recurring_task_id ?? "");
    if (series?.id !== moment.target?.id || dayOf(was) < tomorrow || hasSeveralTimesADay(before, was)) continue;
    if (hasSeveralTimesADay(after, was)) continue;
    const is = after.get(was.id);
    assert.ok(is !== undefined && isOpen(is), "a date that is to come is still open at another time");
    assert.equal(dayOf(is), dayOf(was), "and on its day");
  }
};

/** A series with COUNT makes no date beyond it, and does not end before it by itself. */
export const noDateBeyondCount = ({ before, after }: Moment): void => {
  for (const series of [...after.values()].filter(isSeries)) {
    const count = countOf(series);
    if (count === Infinity || series.deleted_at !== null) continue;
    const times = timesOf(after, series);
    const isMade = occurrences(after).some(
      (task) => task.parent_recurring_task_id === series.id && !before.has(task.id),
    );
    if (isMade) assert.ok(times <= count, `${times} times of ${count}`);
    const endsByItself = series.recurrence_end_date == null && series.next_occurrence_date == null;
    if (endsByItself) assert.ok(times >= count, `ended after ${times} times of ${count}`);
  }
};

const countOf = ({ recurrence_rule }: Task): number =>
  Number(/COUNT=(\d+)/.exec(recurrence_rule ?? "")?.[1] ?? Infinity);

const timesOf = (tasks: Tasks, { id }: Task): number =>
  occurrences(tasks).filter((task) => task.parent_recurring_task_id === id && isCounted(task)).length;

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
    // A withdrawn one that has the very date comes back with what was written on this one.
    if (sameDay.some((task) => isAtPlaceOf(moment.before.get(task.id), task))) continue;
    if (sameDay.length > 0 && !open(moment.before).some((task) => task.id === sameDay[0]?.id && task.id !== was.id))
      assert.ok(
        sameDay.some(({ id }) => id === was.id),
        `${was.occurrence_date ?? ""} has another id`,
      );
  }
};

const isAtPlaceOf = (withdrawn: Task | undefined, task: Task): boolean =>
  withdrawn !== undefined && isWithdrawn(withdrawn) && withdrawn.occurrence_date === task.occurrence_date;

/**
 * An edit opens a date that is to come only where its series has no other one to come, and of those that have come only
 * today's, or what a series is to catch up with.
 */
export const editsOpenNoMoreDates = ({ before, after, step }: Moment, now: number): void => {
  if (step.kind !== "series" && step.kind !== "move" && step.kind !== "write") return;
  const wasOpen = new Set(open(before).map(({ id }) => id));
  const isAhead = (task: Task): boolean => {
    const series = after.get(task.parent_recurring_task_id ?? "");
    return series !== undefined && instantOf(series, placeOf(task)) > now;
  };
  for (const [seriesId, own] of Map.groupBy(open(after), (task) => task.parent_recurring_task_id ?? "")) {
    const opened = own.filter(({ id }) => !wasOpen.has(id));
    const isToComeOpened = opened.some(isAhead);
    if (isToComeOpened) assert.equal(own.filter(isAhead).length, 1, "a date opens beside another one to come");
    const catchesUp = after.get(seriesId)?.recurrence_catch_up === "all";
    if (!catchesUp) assert.ok(opened.length - Number(isToComeOpened) <= 1, "more than today's date opens");
  }
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

/** A series that is deleted or paused, or has ended before a date, keeps what was written on it out of sight. */
const hasNoDateFor = (tasks: Tasks, withdrawn: Task): boolean => {
  const series = tasks.get(withdrawn.parent_recurring_task_id ?? "");
  if (series === undefined || series.deleted_at !== null) return true;
  const { recurrence_end_date: end, recurrence_paused_until: paused, next_occurrence_date: next } = series;
  const isOver = (end != null && end < dayOf(withdrawn)) || timesOf(tasks, series) >= countOf(series);
  return next == null || paused != null || isOver;
};
