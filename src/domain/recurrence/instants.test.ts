import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { type Civil, formatCivil, parseCivil } from "../civil.ts";
import {
  dueAt,
  nextAfterInstant,
  occurrences,
  occurrencesBetween,
  parsePattern,
  type Schedule,
} from "../recurrence.ts";
import { toInstant } from "../time-zone.ts";

const civil = (text: string): Civil => parseCivil(text) as Civil;

function schedule(pattern: string, anchor: string): Schedule {
  const parsed = parsePattern(pattern, civil(anchor));
  assert.ok(parsed.ok);
  return parsed.schedule;
}

const iso = (instant: number | null | undefined): string | null =>
  instant === null || instant === undefined ? null : new Date(instant).toISOString().slice(0, 16);
const next = (pattern: string, anchor: string, zone: string, after: string): [string | null, string | null] => {
  const placed = nextAfterInstant(schedule(pattern, anchor), zone, Date.parse(after));
  return [placed === null ? null : formatCivil(placed.occurrence), iso(placed?.instant)];
};

describe("an occurrence in a zone", () => {
  it("keeps its wall-clock time across changes of the clocks", () => {
    const days = occurrencesBetween(
      schedule("daily", "2026-03-07T09:00"),
      civil("2026-03-07T00:00"),
      civil("2026-03-09T23:00"),
    );
    assert.deepEqual(
      days.map((day) => iso(dueAt(day, "America/New_York"))),
      ["2026-03-07T14:00", "2026-03-08T13:00", "2026-03-09T13:00"],
    );
  });

  it("is no instant when it is all day", () => assert.equal(dueAt(civil("2026-03-07"), "Europe/Rome"), null));
});

describe("the next occurrence after an instant", () => {
  it("is on the wall clock of the zone", () => {
    assert.deepEqual(next("daily", "2026-01-01T09:00", "Asia/Tokyo", "2026-06-01T00:00:00Z"), [
      "2026-06-02T09:00",
      "2026-06-02T00:00",
    ]);
    assert.deepEqual(next("daily", "2026-01-01T09:00", "Asia/Tokyo", "2026-05-31T23:59:59.999Z"), [
      "2026-06-01T09:00",
      "2026-06-01T00:00",
    ]);
  });

  it("in a gap comes later than its wall clock says, and once", () => {
    const ny = (after: string) => next("daily", "2026-01-01T02:30", "America/New_York", after);
    assert.deepEqual(ny("2026-03-08T06:59:00Z"), ["2026-03-08T02:30", "2026-03-08T07:30"]);
    assert.deepEqual(ny("2026-03-08T07:10:00Z"), ["2026-03-08T02:30", "2026-03-08T07:30"]);
    assert.deepEqual(ny("2026-03-08T07:30:00Z"), ["2026-03-09T02:30", "2026-03-09T06:30"]);
  });

  it("in a fold comes on the first pass, and once", () => {
    const ny = (after: string) => next("daily", "2026-01-01T01:30", "America/New_York", after);
    assert.deepEqual(ny("2026-11-01T05:00:00Z"), ["2026-11-01T01:30", "2026-11-01T05:30"]);
    assert.deepEqual(ny("2026-11-01T06:10:00Z"), ["2026-11-02T01:30", "2026-11-02T06:30"]);
  });

  it("all day starts with the day", () => {
    assert.deepEqual(next("daily", "2026-01-01", "Pacific/Kiritimati", "2026-06-01T09:59:00Z"), [
      "2026-06-02",
      "2026-06-01T10:00",
    ]);
  });

  it("is none when the rule has ended", () => {
    assert.deepEqual(next("FREQ=DAILY;COUNT=3", "2026-01-01T09:00", "Europe/Rome", "2026-01-03T08:00:00Z"), [
      null,
      null,
    ]);
  });

  it("is the earliest instant after, whatever the clocks do", () => {
    const zone = fc.constantFrom(
      "America/New_York",
      "Australia/Lord_Howe",
      "Africa/Cairo",
      "America/Santiago",
      "Pacific/Apia",
    );
    const rule = fc.constantFrom(
      "daily",
      "FREQ=HOURLY",
      "FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=0,30",
      "weekly:SAT,SUN",
      "FREQ=HOURLY;INTERVAL=5",
    );
    const changes = [
      Date.UTC(2026, 2, 8, 7),
      Date.UTC(2026, 10, 1, 6),
      Date.UTC(2026, 9, 3, 15, 30),
      Date.UTC(2026, 3, 4, 15),
      Date.UTC(2026, 8, 6, 4),
      Date.UTC(2026, 3, 23, 22),
    ];
    const moment = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -3000, max: 3000 }))
      .map(([at, minutes]) => at + minutes * 60_000);
    fc.assert(
      fc.property(zone, rule, moment, (name, pattern, instant) => {
        const all = [...occurrences(schedule(pattern, "2026-01-01T02:30"), { until: civil("2026-12-31T00:00") })];
        const instants = all.map((occurrence) => toInstant(name, occurrence)).filter((at) => at > instant);
        assert.equal(
          nextAfterInstant(schedule(pattern, "2026-01-01T02:30"), name, instant)?.instant,
          Math.min(...instants),
        );
      }),
      { numRuns: 200 },
    );
  });
});
