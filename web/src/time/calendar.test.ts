import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, addMonths, daysBetween, monthGrid, nextWeekAfter, weekdayOf, weekendAfter } from "./calendar.ts";

test("days are added over months, years and leap days", () => {
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
  assert.equal(addDays("2026-03-01", -1), "2026-02-28");
  assert.equal(daysBetween("2026-03-28", "2026-03-30"), 2);
});

test("the weekend is the coming Saturday", () => {
  assert.equal(weekendAfter("2026-11-18"), "2026-11-21");
  assert.equal(weekendAfter("2026-11-21"), "2026-11-21");
  assert.equal(weekendAfter("2026-11-22"), "2026-11-28");
});

test("next week begins where the user's week begins", () => {
  assert.equal(nextWeekAfter("2026-11-22", "monday"), "2026-11-23");
  assert.equal(nextWeekAfter("2026-11-23", "monday"), "2026-11-30");
  assert.equal(nextWeekAfter("2026-11-22", "sunday"), "2026-11-29");
  assert.equal(nextWeekAfter("2026-11-22", "saturday"), "2026-11-28");
});

test("months are turned to their first", () => {
  assert.equal(addMonths("2026-01-31", 1), "2026-02-01");
  assert.equal(addMonths("2026-01-15", -1), "2025-12-01");
});

for (const weekStart of ["monday", "sunday", "saturday"] as const) {
  test(`a month is six whole weeks that begin on ${weekStart} and contain it`, () => {
    for (let month = 0; month < 24; month += 1) {
      const first = addMonths("2026-01-01", month);
      const grid = monthGrid(first, weekStart);
      assert.equal(grid.length, 42);
      assert.equal(weekdayOf(grid[0] ?? ""), { sunday: 0, monday: 1, saturday: 6 }[weekStart]);
      assert.ok(grid.indexOf(first) >= 0 && grid.indexOf(first) < 7);
      assert.ok(grid.includes(addDays(addMonths(first, 1), -1)));
    }
  });
}
