import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { formatCivil } from "../../src/domain/civil.ts";
import { occurrences, parsePattern } from "../../src/domain/recurrence.ts";
import { createTask } from "../../src/domain/task.ts";
import { newOccurrence } from "../../src/domain/series/occurrence.ts";

/** What CPython's zoneinfo says of the PyPI package tzdata; made by scripts/zone-transitions.py. */
interface Independent {
  groups: {
    zones: string[];
    windows: { from: number; until: number; offset: number; changes: [second: number, minutes: number][] }[];
  }[];
}

const { groups } = JSON.parse(
  readFileSync(new URL("../recurrence/zone-transitions.json", import.meta.url), "utf8"),
) as Independent;

/** Minutes east of UTC by the independent source. */
const offsetAt = (zone: string, second: number): number => {
  const windows = groups.find(({ zones }) => zones.includes(zone))?.windows ?? [];
  const window = windows.find(({ from, until }) => from <= second && second < until);
  assert.ok(window, `${zone} is known at ${second}`);
  return window.changes.findLast(([change]) => change <= second)?.[1] ?? window.offset;
};

const wallClock = (zone: string, instant: string): string => {
  const second = Date.parse(instant) / 1000;
  return new Date((second + offsetAt(zone, second) * 60) * 1000).toISOString().slice(0, 16);
};

const zones = [
  "America/New_York",
  "Europe/London",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "America/Vancouver",
  "Pacific/Apia",
];
const contextIn = (zone: string, now = 0) => ({
  now,
  zone,
  allDayHour: 9,
  newId: () => "id",
  reminderId: () => "reminder",
});

const TEN_YEARS = 3_653;

describe("09:00 every day for ten years", () => {
  for (const zone of zones)
    for (const due_date of ["2026-01-01T09:00", "instant"])
      it(`stays 09:00 in ${zone}, ${due_date === "instant" ? "given as an instant" : "given by the wall clock"}`, () => {
        const first = { year: 2026, month: 1, day: 1, hour: 9, minute: 0, second: 0, ms: 0 };
        const parsed = parsePattern("daily", first, zone);
        assert.ok(parsed.ok);
        const due =
          due_date === "instant"
            ? new Date(Date.UTC(2026, 0, 1, 9) - offsetAt(zone, Date.UTC(2026, 0, 1, 9) / 1000) * 60_000).toISOString()
            : due_date;
        const context = contextIn(zone, Date.UTC(2025, 0, 1));
        const { change } = createTask({ title: "x", due_date: due }, { id: "series", userId: "user" }, context);
        assert.ok(change);
        const series = { ...change.after, recurrence_basis: "schedule" as const, recurrence_time_zone: zone };
        let count = 0;
        for (const date of occurrences(parsed.schedule, { count: TEN_YEARS })) {
          const { after } = newOccurrence(series, formatCivil(date), "id", context);
          assert.equal(wallClock(zone, after.due_at ?? ""), formatCivil(date));
          count += 1;
        }
        assert.equal(count, TEN_YEARS);
      });

  it("at a time that does not exist moves forward, and at one that exists twice happens once", () => {
    const at = (zone: string, date: string): string | null => {
      const { change } = createTask(
        { title: "x", due_date: "2026-01-01T02:30" },
        { id: "series", userId: "user" },
        contextIn(zone),
      );
      assert.ok(change);
      return newOccurrence(
        { ...change.after, recurrence_basis: "schedule", recurrence_time_zone: zone },
        date,
        "id",
        contextIn(zone),
      ).after.due_at;
    };
    assert.equal(at("America/New_York", "2026-03-08T02:30"), "2026-03-08T07:30:00.000Z", "03:30 EDT");
    assert.equal(at("America/New_York", "2026-11-01T01:30"), "2026-11-01T05:30:00.000Z", "the first 01:30");
    assert.equal(at("Australia/Lord_Howe", "2026-10-04T02:15"), "2026-10-03T15:45:00.000Z", "02:45, half an hour on");
  });
});
