import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../src/contract/task.ts";
import { clockAt } from "../time/due-date.ts";
import {
  historyOf,
  isPaused,
  isRunning,
  isSeries,
  openOccurrenceOf,
  selectSeries,
  seriesOf,
  streakOf,
  successorOf,
} from "./series.ts";

const clock = clockAt(new Date("2027-03-10T09:00:00Z"), "Europe/Berlin");
const at = "2027-03-01T00:00:00.000Z";

const task = (id: string, fields: Partial<Task> = {}): Task => ({
  id,
  user_id: "u",
  title: id,
  description: null,
  status: fields.completed === true ? "completed" : "pending",
  completed: false,
  priority: "medium",
  due_date: null,
  due_at: null,
  version: 1,
  created_at: at,
  updated_at: at,
  completed_at: null,
  deleted_at: null,
  ...fields,
});

const series = (id: string, fields: Partial<Task> = {}): Task =>
  task(id, {
    recurrence_pattern: "daily",
    recurrence_rule: "FREQ=DAILY",
    recurrence_basis: "schedule",
    next_occurrence_date: "2027-03-11",
    ...fields,
  });
const occurrence = (date: string, fields: Partial<Task> = {}): Task =>
  task(`s ${date}`, { parent_recurring_task_id: "s", occurrence_date: date, due_date: date, ...fields });
const done = (date: string, fields: Partial<Task> = {}): Task => occurrence(date, { completed: true, ...fields });
const skipped = (date: string): Task => done(date, { occurrence_outcome: "skipped" });
const withdrawn = (date: string): Task => occurrence(date, { deleted_at: at, occurrence_outcome: "withdrawn" });
const viewOf = (...tasks: Task[]): ReadonlyMap<string, Task> => new Map(tasks.map((each) => [each.id, each]));
const ids = (tasks: readonly Task[]): string[] => tasks.map(({ id }) => id);

test("a series is what the server keeps as one, also after its end; a task that was just given a pattern is none yet", () => {
  assert.equal(isSeries(series("s")), true);
  assert.equal(isSeries(series("s", { recurrence_pattern: null, recurrence_rule: null })), true);
  assert.equal(isSeries(task("t", { recurrence_pattern: "daily", recurrence_basis: "completion" })), false);
  assert.equal(isSeries(task("t")), false);
  assert.equal(isSeries(occurrence("2027-03-10")), false);
});

test("a series goes on until its pattern is taken away or it is thrown away", () => {
  assert.deepEqual(
    [series("s"), series("s", { recurrence_pattern: null }), series("s", { deleted_at: at })].map(isRunning),
    [true, false, false],
  );
});

test("a pause ends on its day", () => {
  const until = (day: string | null) => isPaused(series("s", { recurrence_paused_until: day }), clock);
  assert.deepEqual([null, "2027-03-09", "2027-03-10", "2027-03-11"].map(until), [false, false, false, true]);
});

test("an occurrence finds its series, unless it was detached or the series is gone", () => {
  const view = viewOf(series("s"));
  assert.equal(seriesOf(view, occurrence("2027-03-10"))?.id, "s");
  assert.equal(seriesOf(view, series("s"))?.id, "s");
  assert.equal(seriesOf(view, occurrence("2027-03-10", { occurrence_outcome: "detached" })), undefined);
  assert.equal(seriesOf(viewOf(series("s", { deleted_at: at })), occurrence("2027-03-10")), undefined);
  assert.equal(seriesOf(view, task("t")), undefined);
});

test("the open occurrence is the earliest, and history what is closed, the latest first", () => {
  const tasks = [
    occurrence("2027-03-11"),
    occurrence("2027-03-10"),
    done("2027-03-08"),
    skipped("2027-03-09"),
    withdrawn("2027-03-07"),
    done("2027-03-06", { deleted_at: at }),
  ];
  assert.equal(openOccurrenceOf(tasks, "s")?.id, "s 2027-03-10");
  assert.deepEqual(ids(historyOf(tasks, "s")), ["s 2027-03-09", "s 2027-03-08"]);
});

test("a streak counts what was done in a row", () => {
  const streak = (...tasks: Task[]) => streakOf(series("s"), tasks, clock);
  assert.equal(streak(), 0);
  assert.equal(streak(done("2027-03-08"), done("2027-03-07"), done("2027-03-09")), 3);
  assert.equal(
    streak(done("2027-03-08"), done("2027-03-09"), occurrence("2027-03-10"), occurrence("2027-03-11")),
    2,
    "what is still to do does not end it",
  );
  assert.equal(
    streak(done("2027-03-07"), skipped("2027-03-08"), done("2027-03-09")),
    2,
    "a skip neither counts nor ends it",
  );
  assert.equal(
    streak(done("2027-03-07"), occurrence("2027-03-08"), done("2027-03-09")),
    1,
    "a date that passed ends it",
  );
  assert.equal(streak(done("2027-03-08"), occurrence("2027-03-09")), 0);
  assert.equal(streak(done("2027-03-09"), done("2027-03-10"), done("2027-03-11")), 3, "done early");
});

test("dates that were left out while the server was away end a streak", () => {
  const afterOutage = series("s", { recurrence_passed_over: "2027-03-05/2027-03-07" });
  assert.equal(
    streakOf(afterOutage, [done("2027-03-03"), done("2027-03-04"), done("2027-03-08"), done("2027-03-09")], clock),
    2,
  );
});

test("what takes the place of a row: of a new series its occurrence, of a withdrawn occurrence the open one", () => {
  const view = viewOf(series("s"), withdrawn("2027-03-10"), occurrence("2027-03-12"), task("t"));
  assert.equal(successorOf(view, "s")?.id, "s 2027-03-12");
  assert.equal(successorOf(view, "s 2027-03-10")?.id, "s 2027-03-12");
  assert.equal(successorOf(view, "s 2027-03-12"), undefined);
  assert.equal(successorOf(view, "t"), undefined);
  assert.equal(successorOf(view, "nowhere"), undefined);
});

test("series by their next date, and those that have ended apart", () => {
  const tasks = [
    series("late", { next_occurrence_date: "2027-05-01" }),
    series("soon", { next_occurrence_date: "2027-03-11T09:00" }),
    series("over", { next_occurrence_date: null, recurrence_pattern: null, recurrence_rule: null }),
    series("thrown away", { deleted_at: at }),
    occurrence("2027-03-11"),
  ];
  const { running, ended } = selectSeries(tasks);
  assert.deepEqual([ids(running), ids(ended)], [["soon", "late"], ["over"]]);
});
