import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../src/contract/task.ts";
import { clockAt } from "../time/due-date.ts";
import {
  countToday,
  findByTitle,
  selectAll,
  selectCompleted,
  selectToday,
  selectTrash,
  selectUpcoming,
} from "./selections.ts";

const clock = clockAt(new Date("2026-11-22T09:00:00Z"), "Europe/Berlin");
let made = 0;

const task = (title: string, fields: Partial<Task> = {}): Task => {
  made += 1;
  const at = `2026-11-01T00:00:${String(made % 60).padStart(2, "0")}.000Z`;
  return {
    id: title,
    user_id: "u",
    title,
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
  };
};

const titles = (tasks: readonly Task[]): string[] => tasks.map(({ title }) => title);

test("today: earlier days are overdue, a time that passed today is today's", () => {
  const tasks = [
    task("today"),
    task("all day", { due_date: "2026-11-22" }),
    task("at nine", { due_date: "2026-11-22T09:00" }),
    task("at eight, fixed", { due_date: "2026-11-22T07:00:00Z" }),
    task("last week", { due_date: "2026-11-15" }),
    task("tomorrow", { due_date: "2026-11-23" }),
    task("done", { due_date: "2026-11-22", completed: true }),
    task("thrown away", { due_date: "2026-11-22", deleted_at: "2026-11-20T00:00:00.000Z" }),
  ];
  const { overdue, today } = selectToday(tasks, clock);
  assert.deepEqual(titles(overdue), ["last week"]);
  assert.deepEqual(titles(today), ["at eight, fixed", "at nine", "all day"]);
  assert.equal(countToday(tasks, clock), 4);
});

test("within a day the more important comes first", () => {
  const due_date = "2026-11-22";
  const tasks = [
    task("low", { due_date, priority: "low" }),
    task("medium", { due_date }),
    task("high", { due_date, priority: "high" }),
  ];
  assert.deepEqual(titles(selectToday(tasks, clock).today), ["high", "medium", "low"]);
});

test("another order is within overdue, today and each day", () => {
  const days = ["2026-11-15", "2026-11-22", "2026-11-23"];
  const tasks = days.flatMap((due_date) => [task(`b ${due_date}`, { due_date }), task(`a ${due_date}`, { due_date })]);
  const { overdue, today } = selectToday(tasks, clock, new Set(), "title");
  assert.deepEqual(
    [titles(overdue), titles(today)],
    [
      ["a 2026-11-15", "b 2026-11-15"],
      ["a 2026-11-22", "b 2026-11-22"],
    ],
  );
  const [tomorrow] = selectUpcoming(tasks, clock, new Set(), "title");
  assert.deepEqual(titles(tomorrow?.tasks ?? []), ["a 2026-11-23", "b 2026-11-23"]);
});

test("a task completed a moment ago keeps its place, but is not counted", () => {
  const tasks = [task("a", { due_date: "2026-11-22", completed: true }), task("b", { due_date: "2026-11-22" })];
  assert.deepEqual(titles(selectToday(tasks, clock, new Set(["a"])).today), ["a", "b"]);
  assert.equal(countToday(tasks, clock), 1);
});

test("upcoming: by day from tomorrow, in the user's zone", () => {
  const tasks = [
    task("late tonight in UTC", { due_date: "2026-11-22T23:30:00Z" }),
    task("wednesday", { due_date: "2026-11-25" }),
    task("tomorrow", { due_date: "2026-11-23" }),
    task("today", { due_date: "2026-11-22" }),
    task("some day"),
  ];
  const days = selectUpcoming(tasks, clock).map(({ day, tasks: ofDay }) => [day, titles(ofDay)]);
  assert.deepEqual(days, [
    ["2026-11-23", ["late tonight in UTC", "tomorrow"]],
    ["2026-11-25", ["wednesday"]],
  ]);
});

test("all: every order, and what has no date comes last by date", () => {
  const tasks = [
    task("task 10", { priority: "low" }),
    task("task 9", { due_date: "2026-12-01", priority: "high" }),
    task("Äpfel", { due_date: "2026-11-22" }),
  ];
  assert.deepEqual(titles(selectAll(tasks, clock, "due")), ["Äpfel", "task 9", "task 10"]);
  assert.deepEqual(titles(selectAll(tasks, clock, "priority")), ["task 9", "Äpfel", "task 10"]);
  assert.deepEqual(titles(selectAll(tasks, clock, "title")), ["Äpfel", "task 9", "task 10"]);
  assert.deepEqual(titles(selectAll(tasks, clock, "newest")), ["Äpfel", "task 9", "task 10"]);
});

test("completed: by the day in the user's zone, the latest first", () => {
  const done = (title: string, completed_at: string) => task(title, { completed: true, completed_at });
  const tasks = [
    done("first", "2026-11-20T10:00:00.000Z"),
    done("last", "2026-11-21T23:30:00.000Z"),
    done("middle", "2026-11-20T11:00:00.000Z"),
    task("open"),
  ];
  assert.deepEqual(
    selectCompleted(tasks, clock).map(({ day, tasks: ofDay }) => [day, titles(ofDay)]),
    [
      ["2026-11-22", ["last"]],
      ["2026-11-20", ["middle", "first"]],
    ],
  );
});

test("trash: what was thrown away last comes first, completed or not", () => {
  const tasks = [
    task("older", { deleted_at: "2026-11-01T00:00:00.000Z" }),
    task("newer", { deleted_at: "2026-11-02T00:00:00.000Z", completed: true }),
    task("kept"),
  ];
  assert.deepEqual(titles(selectTrash(tasks)), ["newer", "older"]);
});

test("the palette finds every word, without case and accents, open tasks and beginnings first", () => {
  const tasks = [
    task("Ask Zoë about the café"),
    task("Café opening"),
    task("cafe closing", { completed: true }),
    task("Old cafe", { deleted_at: "2026-11-02T00:00:00.000Z" }),
  ];
  assert.deepEqual(titles(findByTitle(tasks, "CAFE", 10)), ["Café opening", "Ask Zoë about the café", "cafe closing"]);
  assert.deepEqual(titles(findByTitle(tasks, "cafe zoe", 10)), ["Ask Zoë about the café"]);
  assert.deepEqual(findByTitle(tasks, "  ", 10), []);
  assert.equal(findByTitle(tasks, "cafe", 1).length, 1);
});

test("lists show occurrences and not their series; what was skipped was not completed, what was withdrawn is nowhere", () => {
  const of = { parent_recurring_task_id: "series", due_date: "2026-11-22" };
  const completed_at = "2026-11-21T10:00:00.000Z";
  const tasks = [
    task("series", {
      due_date: "2026-11-22",
      recurrence_pattern: "daily",
      recurrence_rule: "FREQ=DAILY",
      recurrence_basis: "schedule",
    }),
    task("open", of),
    task("done", { ...of, completed: true, completed_at }),
    task("skipped", { ...of, completed: true, completed_at, occurrence_outcome: "skipped" }),
    task("withdrawn", { ...of, deleted_at: completed_at, occurrence_outcome: "withdrawn" }),
    task("just given a pattern", { due_date: "2026-11-22", recurrence_pattern: "daily" }),
  ];
  assert.deepEqual(titles(selectToday(tasks, clock).today), ["open", "just given a pattern"]);
  assert.deepEqual(titles(selectAll(tasks, clock, "newest")), ["just given a pattern", "open"]);
  assert.deepEqual(
    selectCompleted(tasks, clock).flatMap((day) => titles(day.tasks)),
    ["done"],
  );
  assert.deepEqual(titles(selectTrash(tasks)), []);
  assert.deepEqual(titles(findByTitle(tasks, "series", 10)), []);
  assert.deepEqual(
    titles(selectTrash([task("thrown away", { recurrence_rule: "FREQ=DAILY", deleted_at: completed_at })])),
    ["thrown away"],
  );
});
