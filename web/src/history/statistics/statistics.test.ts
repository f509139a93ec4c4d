import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task } from "../../../../src/contract/task.ts";
import {
  byPriority,
  byPunctuality,
  type Completion,
  completionsOf,
  onTimeShare,
  perDay,
  perWeek,
  streaksOf,
  within,
} from "./statistics.ts";

const task = (fields: Partial<Task>): Task => ({
  id: "a",
  user_id: "u",
  title: "Task",
  description: null,
  status: "completed",
  completed: true,
  priority: "medium",
  due_date: null,
  due_at: null,
  version: 1,
  created_at: "2027-03-01T08:00:00Z",
  updated_at: "2027-03-01T08:00:00Z",
  completed_at: "2027-03-10T08:00:00Z",
  deleted_at: null,
  ...fields,
});
const on = (day: string, fields: Partial<Completion> = {}): Completion => ({
  day,
  priority: "medium",
  punctuality: "undated",
  ...fields,
});

test("a completion counts on its day in the user's zone", () => {
  const late = task({ completed_at: "2027-03-10T23:30:00Z" });
  assert.deepEqual(
    completionsOf([late], "UTC").map(({ day }) => day),
    ["2027-03-10"],
  );
  assert.deepEqual(
    completionsOf([late], "Europe/Berlin").map(({ day }) => day),
    ["2027-03-11"],
  );
});

test("what is open, skipped or in the trash is no completion", () => {
  const others = [
    task({ completed: false, status: "pending", completed_at: null }),
    task({ occurrence_outcome: "skipped" }),
    task({ deleted_at: "2027-03-10T09:00:00Z" }),
  ];
  assert.deepEqual(completionsOf(others, "UTC"), []);
});

test("a day is in time until it ends, a time until it has passed, an instant wherever one is", () => {
  const punctuality = (due_date: string | null, completed_at: string, zone = "UTC") =>
    completionsOf([task({ due_date, completed_at })], zone)[0]?.punctuality;
  assert.equal(punctuality("2027-03-10", "2027-03-10T23:59:00Z"), "onTime");
  assert.equal(punctuality("2027-03-10", "2027-03-11T00:00:00Z"), "late");
  assert.equal(punctuality("2027-03-10", "2027-03-10T23:30:00Z", "Europe/Berlin"), "late");
  assert.equal(punctuality("2027-03-10T09:00", "2027-03-10T09:00:30Z"), "onTime");
  assert.equal(punctuality("2027-03-10T09:00", "2027-03-10T09:01:00Z"), "late");
  assert.equal(punctuality("2027-03-10T09:00:00Z", "2027-03-10T08:59:00Z", "Asia/Tokyo"), "onTime");
  assert.equal(punctuality(null, "2027-03-10T08:00:00Z"), "undated");
});

const period = { today: "2027-03-10", days: 3 };

test("each day of the period has its number, also none", () => {
  const completions = [on("2027-03-07"), on("2027-03-08"), on("2027-03-10"), on("2027-03-10")];
  assert.deepEqual(perDay(completions, period), [
    { day: "2027-03-08", count: 1 },
    { day: "2027-03-09", count: 0 },
    { day: "2027-03-10", count: 2 },
  ]);
  assert.equal(within(completions, period).length, 3);
});

test("weeks begin where the user's do, and count only days of the period", () => {
  // A Wednesday; the first day is the Saturday before.
  const fiveDays = { today: "2027-03-10", days: 5 };
  const completions = [
    on("2027-03-05"),
    on("2027-03-06", { punctuality: "late" }),
    on("2027-03-07", { punctuality: "onTime" }),
    on("2027-03-10", { punctuality: "onTime" }),
  ];
  assert.deepEqual(perWeek(completions, fiveDays, "monday"), [
    { week: "2027-03-01", onTime: 1, late: 1, undated: 0 },
    { week: "2027-03-08", onTime: 1, late: 0, undated: 0 },
  ]);
  assert.deepEqual(
    perWeek(completions, fiveDays, "sunday").map(({ week, onTime }) => [week, onTime]),
    [
      ["2027-02-28", 0],
      ["2027-03-07", 2],
    ],
  );
});

test("days and weeks go on over a change of the clocks, a leap day and a year", () => {
  assert.equal(
    perDay([], { today: "2027-03-28", days: 2 })
      .map(({ day }) => day)
      .join(),
    "2027-03-27,2027-03-28",
  );
  assert.equal(
    perDay([], { today: "2028-03-01", days: 2 })
      .map(({ day }) => day)
      .join(),
    "2028-02-29,2028-03-01",
  );
  assert.equal(perWeek([], { today: "2027-01-01", days: 365 }, "monday").length, 53);
});

test("by priority, the highest first; by punctuality; the share in time of those that had a date", () => {
  const completions = [
    on("a", { priority: "high", punctuality: "onTime" }),
    on("a", { priority: "high", punctuality: "late" }),
    on("a", { punctuality: "onTime" }),
    on("a"),
  ];
  assert.deepEqual(byPriority(completions), [
    { priority: "high", count: 2 },
    { priority: "medium", count: 2 },
    { priority: "low", count: 0 },
  ]);
  assert.deepEqual(byPunctuality(completions), { onTime: 2, late: 1, undated: 1 });
  assert.equal(onTimeShare(completions), 2 / 3);
  assert.equal(onTimeShare([on("a")]), null);
});

test("streaks: the current one waits for today, the best one may be long ago", () => {
  const days = (...all: string[]) => all.map((day) => on(day));
  assert.deepEqual(streaksOf([], "2027-03-10"), { current: 0, best: 0 });
  assert.deepEqual(streaksOf(days("2027-03-08", "2027-03-09"), "2027-03-10"), { current: 2, best: 2 });
  assert.deepEqual(streaksOf(days("2027-03-08", "2027-03-09", "2027-03-10", "2027-03-10"), "2027-03-10"), {
    current: 3,
    best: 3,
  });
  assert.deepEqual(streaksOf(days("2027-03-08"), "2027-03-10"), { current: 0, best: 1 });
  assert.deepEqual(streaksOf(days("2027-02-27", "2027-02-28", "2027-03-01", "2027-03-10"), "2027-03-10"), {
    current: 1,
    best: 3,
  });
});
