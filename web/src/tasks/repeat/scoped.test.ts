import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../../src/contract/task.ts";
import { repeatingOf, scopedTo } from "./scoped.ts";

const at = "2027-03-01T00:00:00.000Z";
const task = (id: string, fields: Partial<Task> = {}): Task => ({
  id,
  user_id: "u",
  title: id,
  description: null,
  status: "pending",
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
  task(id, { recurrence_pattern: "daily", recurrence_rule: "FREQ=DAILY", recurrence_basis: "schedule", ...fields });
const dateOf = (seriesId: string, date: string): Task =>
  task(`${seriesId} ${date}`, { parent_recurring_task_id: seriesId, occurrence_date: date });

const ended = { recurrence_pattern: null, recurrence_rule: null };
const view = new Map([series("a"), series("b"), series("c", ended)].map((each) => [each.id, each]));
const tasks = [dateOf("a", "2027-03-10"), task("alone"), dateOf("a", "2027-03-09"), dateOf("b", "2027-03-10")];

test("only dates of series that go on repeat, and not the series itself", () => {
  const repeating = repeatingOf(view, [...tasks, series("a"), dateOf("c", "2027-03-10"), dateOf("gone", "2027-03-10")]);
  assert.deepEqual(
    repeating.map(({ occurrence }) => occurrence.id),
    ["a 2027-03-10", "a 2027-03-09", "b 2027-03-10"],
  );
});

test("of several dates of one series the earliest says it for those that follow, and for all", () => {
  const repeating = repeatingOf(view, tasks);
  for (const scope of ["following", "all"] as const)
    assert.deepEqual(
      scopedTo(tasks, repeating, scope).map(({ task: { id }, scope: its }) => [id, its]),
      [
        ["alone", undefined],
        ["a 2027-03-09", scope],
        ["b 2027-03-10", scope],
      ],
    );
});

test("each date for itself is a command without a scope", () => {
  assert.deepEqual(
    scopedTo(tasks, repeatingOf(view, tasks), "this"),
    tasks.map((each) => ({ task: each })),
  );
});
