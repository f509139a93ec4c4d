import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import {
  addDays,
  civilFromDays,
  civilFromMs,
  civilToMs,
  compareCivil,
  dateOf,
  dayOfWeek,
  daysFromCivil,
  daysInMonth,
  formatCivil,
  isDateTime,
  isLeapYear,
  parseCivil,
  parseCivilDate,
  type Civil,
} from "./civil.ts";

const anyDays = fc.integer({ min: daysFromCivil(1, 1, 1), max: daysFromCivil(9999, 12, 31) });
const anyMs = fc.integer({
  min: daysFromCivil(1, 1, 1) * 86_400_000,
  max: daysFromCivil(10_000, 1, 1) * 86_400_000 - 1,
});

describe("civil days", () => {
  it("count from 1970", () => {
    assert.equal(daysFromCivil(1970, 1, 1), 0);
    assert.equal(daysFromCivil(2000, 3, 1), 11_017);
    assert.equal(daysFromCivil(1969, 12, 31), -1);
  });

  it("agree with the platform's own calendar, weekday too", () => {
    fc.assert(
      fc.property(anyDays, (days) => {
        const platform = new Date(days * 86_400_000);
        const { year, month, day } = civilFromDays(days);
        assert.deepEqual(
          [year, month, day],
          [platform.getUTCFullYear(), platform.getUTCMonth() + 1, platform.getUTCDate()],
        );
        assert.equal(daysFromCivil(year, month, day), days);
        assert.equal(dayOfWeek(days), (platform.getUTCDay() + 6) % 7);
      }),
    );
  });

  it("know leap years and the lengths of months", () => {
    assert.deepEqual([1900, 2000, 2024, 2025].map(isLeapYear), [false, true, true, false]);
    assert.deepEqual(
      [daysInMonth(2024, 2), daysInMonth(2025, 2), daysInMonth(2025, 4), daysInMonth(2025, 12)],
      [29, 28, 30, 31],
    );
  });

  it("carry over months and years", () => {
    assert.deepEqual(addDays({ year: 2025, month: 12, day: 31 }, 1), { year: 2026, month: 1, day: 1 });
    assert.deepEqual(addDays({ year: 2024, month: 3, day: 1 }, -1), { year: 2024, month: 2, day: 29 });
  });
});

describe("civil text", () => {
  it("is read and printed the same", () => {
    for (const text of [
      "2026-03-01",
      "2026-03-01T09:00",
      "2026-03-01T09:00:30",
      "2026-03-01T09:00:00.250",
      "0001-01-01",
      "9999-12-31T23:59",
    ]) {
      assert.equal(formatCivil(parseCivil(text) as Civil), text);
    }
  });

  it("refuses what the calendar has not", () => {
    const bad = [
      "2026-02-29",
      "2026-13-01",
      "2026-00-10",
      "2026-04-31",
      "0000-01-01",
      "2026-3-1",
      "2026-03-01T24:00",
      "2026-03-01T09",
      "2026-03-01T09:60",
      "2026-03-01T09:00Z",
      "20260301",
      "",
      "tomorrow",
      " 2026-03-01",
    ];
    for (const text of bad) assert.equal(parseCivil(text), undefined, text);
  });

  it("tells dates from wall-clock times", () => {
    assert.equal(parseCivilDate("2026-03-01T09:00"), undefined);
    assert.deepEqual(parseCivilDate("2026-03-01"), { year: 2026, month: 3, day: 1 });
    const time = parseCivil("2026-03-01T09:00") as Civil;
    assert.equal(isDateTime(time), true);
    assert.deepEqual(dateOf(time), { year: 2026, month: 3, day: 1 });
  });

  it("round-trips any moment through milliseconds and text, in order", () => {
    fc.assert(
      fc.property(anyMs, anyMs, (a, b) => {
        const [first, second] = [civilFromMs(a), civilFromMs(b)];
        assert.equal(civilToMs(first), a);
        assert.deepEqual(parseCivil(formatCivil(first)), first);
        assert.equal(Math.sign(compareCivil(first, second)), Math.sign(a - b));
      }),
    );
  });
});
