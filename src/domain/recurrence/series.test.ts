import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { type Civil, type CivilDate, compareCivil, formatCivil, parseCivil, parseCivilDate } from "../civil.ts";
import { occurrencesBetween, parsePattern, planSeries, type Series, type SeriesProgress } from "../recurrence.ts";
import { toInstant } from "../time-zone.ts";

const civil = (text: string): Civil => parseCivil(text) as Civil;
const date = (text: string): CivilDate => parseCivilDate(text) as CivilDate;

function series(pattern: string, anchor: string, options: Partial<Series> = {}): Series {
  const parsed = parsePattern(pattern, civil(anchor));
  assert.ok(parsed.ok);
  return {
    pattern,
    schedule: parsed.schedule,
    count: null,
    zone: "Europe/Rome",
    basis: "schedule",
    catchUp: "latest",
    endDate: null,
    pausedUntil: null,
    ...options,
  };
}

/** Rome's wall clock; in winter, UTC+1. */
const at = (text: string): number => toInstant("Europe/Rome", civil(text));
const open = (last: string): SeriesProgress => ({ last: civil(last), lastClosedAt: null });
const closed = (last: string, when: string): SeriesProgress => ({ last: civil(last), lastClosedAt: at(when) });
const fresh: SeriesProgress = { last: null, lastClosedAt: null };

function plan(
  of: Series,
  progress: SeriesProgress,
  now: string,
): { make: string[]; passedOver: string; wakeAt: string | null; ended: boolean } {
  const { make, passedOver, wakeAt, ended } = planSeries(of, progress, at(now));
  return {
    make: make.map(formatCivil),
    passedOver: passedOver === null ? "" : `${formatCivil(passedOver.first)} to ${formatCivil(passedOver.last)}`,
    wakeAt: wakeAt === null ? null : new Date(wakeAt).toISOString().slice(0, 16),
    ended,
  };
}

describe("a series by its schedule", () => {
  const daily = series("daily", "2026-01-10T09:00");

  it("starts with its first occurrence, and looks again when that is due", () => {
    assert.deepEqual(plan(daily, fresh, "2026-01-08T12:00"), {
      make: ["2026-01-10T09:00"],
      passedOver: "",
      wakeAt: "2026-01-10T08:00",
      ended: false,
    });
  });

  it("waits while the open one is still to come", () => {
    assert.deepEqual(plan(daily, open("2026-01-10T09:00"), "2026-01-10T08:59"), {
      make: [],
      passedOver: "",
      wakeAt: "2026-01-10T08:00",
      ended: false,
    });
  });

  it("makes the next one when the open one is closed early", () => {
    assert.deepEqual(plan(daily, closed("2026-01-10T09:00", "2026-01-09T10:00"), "2026-01-09T10:00").make, [
      "2026-01-11T09:00",
    ]);
  });

  it("makes the next one when the time of the open one has come", () => {
    const { make, wakeAt } = plan(daily, open("2026-01-10T09:00"), "2026-01-10T09:00");
    assert.deepEqual([make, wakeAt], [["2026-01-11T09:00"], "2026-01-11T08:00"]);
  });

  it("after downtime makes the newest that was missed and the next one", () => {
    const { make, passedOver } = plan(daily, open("2026-01-10T09:00"), "2026-01-20T12:00");
    assert.deepEqual(make, ["2026-01-20T09:00", "2026-01-21T09:00"]);
    assert.equal(passedOver, "2026-01-11T09:00 to 2026-01-19T09:00");
  });

  it("after downtime makes every one, when asked to", () => {
    const { make, passedOver } = plan(
      series("daily", "2026-01-10T09:00", { catchUp: "all" }),
      open("2026-01-10T09:00"),
      "2026-01-13T08:00",
    );
    assert.deepEqual([make, passedOver], [["2026-01-11T09:00", "2026-01-12T09:00", "2026-01-13T09:00"], ""]);
  });

  it("made in the past starts with its first occurrence and catches up", () => {
    assert.deepEqual(plan(daily, fresh, "2026-01-12T12:00").make, [
      "2026-01-10T09:00",
      "2026-01-12T09:00",
      "2026-01-13T09:00",
    ]);
  });

  it("with many to make up for makes 500 at a time and looks again at once", () => {
    const hourly = series("FREQ=HOURLY", "2026-01-10T09:00", { catchUp: "all" });
    const { make, wakeAt } = planSeries(hourly, open("2026-01-10T09:00"), at("2026-03-01T12:00"));
    assert.deepEqual([make.length, wakeAt], [500, at("2026-03-01T12:00")]);
  });

  it("ends with UNTIL and the last day", () => {
    const bounded = series("FREQ=DAILY;UNTIL=20260111T090000", "2026-01-10T09:00");
    assert.deepEqual(plan(bounded, closed("2026-01-11T09:00", "2026-01-11T10:00"), "2026-01-11T10:00"), {
      make: [],
      passedOver: "",
      wakeAt: null,
      ended: true,
    });
    const limited = series("daily", "2026-01-10T09:00", { endDate: date("2026-01-11") });
    assert.deepEqual(plan(limited, open("2026-01-10T09:00"), "2026-01-10T10:00").make, ["2026-01-11T09:00"]);
    assert.deepEqual(plan(limited, open("2026-01-11T09:00"), "2026-01-15T10:00"), {
      make: [],
      passedOver: "",
      wakeAt: null,
      ended: true,
    });
    assert.deepEqual(plan(limited, open("2026-01-10T09:00"), "2026-01-15T10:00"), {
      make: ["2026-01-11T09:00"],
      passedOver: "",
      wakeAt: null,
      ended: true,
    });
  });

  it("makes nothing while paused, and goes on from the day it resumes", () => {
    const paused = series("daily", "2026-01-10T09:00", { pausedUntil: date("2026-01-20") });
    assert.deepEqual(plan(paused, closed("2026-01-10T09:00", "2026-01-10T10:00"), "2026-01-12T10:00"), {
      make: [],
      passedOver: "",
      wakeAt: "2026-01-19T23:00",
      ended: false,
    });
    const { make, passedOver } = plan(paused, closed("2026-01-10T09:00", "2026-01-10T10:00"), "2026-01-20T00:00");
    assert.deepEqual([make, passedOver], [["2026-01-20T09:00"], ""]);
  });

  it("all day goes on when the day starts in the zone", () => {
    const allDay = series("daily", "2026-01-10");
    assert.deepEqual(plan(allDay, open("2026-01-10"), "2026-01-09T23:59").make, []);
    assert.deepEqual(plan(allDay, open("2026-01-10"), "2026-01-10T00:00").make, ["2026-01-11"]);
  });

  it("makes a date in a gap once, when its moment comes", () => {
    const night = series("daily", "2026-03-01T02:30");
    const first = plan(night, open("2026-03-28T02:30"), "2026-03-28T12:00");
    assert.deepEqual([first.make, first.wakeAt], [["2026-03-29T02:30"], "2026-03-29T01:30"]);
    assert.deepEqual(plan(night, open("2026-03-29T02:30"), "2026-03-29T03:10").make, []);
    assert.deepEqual(plan(night, open("2026-03-29T02:30"), "2026-03-29T03:30").make, ["2026-03-30T02:30"]);
  });
});

describe("a series by completion", () => {
  const from = (pattern: string, anchor: string, options: Partial<Series> = {}) =>
    series(pattern, anchor, { basis: "completion", ...options });

  it("counts from the day of completion, at its own time of day", () => {
    const third = from("custom:3d", "2026-01-10T09:00");
    assert.deepEqual(plan(third, closed("2026-01-10T09:00", "2026-01-14T22:00"), "2026-01-14T22:00").make, [
      "2026-01-17T09:00",
    ]);
    assert.deepEqual(
      plan(from("monthly", "2026-01-10"), closed("2026-01-10", "2026-01-31T08:00"), "2026-01-31T08:00").make,
      ["2026-02-28"],
    );
    assert.deepEqual(
      plan(from("weekly", "2026-01-10"), closed("2026-01-10", "2026-01-13T08:00"), "2026-01-13T08:00").make,
      ["2026-01-20"],
    );
  });

  it("makes none by time alone", () => {
    assert.deepEqual(plan(from("daily", "2026-01-10"), open("2026-01-10"), "2026-02-01T00:00"), {
      make: [],
      passedOver: "",
      wakeAt: null,
      ended: false,
    });
    assert.deepEqual(plan(from("daily", "2026-01-10"), fresh, "2026-02-01T00:00").make, ["2026-01-10"]);
  });

  it("never makes a date again that was completed early", () => {
    assert.deepEqual(
      plan(from("custom:3d", "2026-01-10"), closed("2026-01-10", "2026-01-07T08:00"), "2026-01-07T08:00").make,
      ["2026-01-13"],
    );
  });

  it("is at least the interval after the completion, and then on the rule's next day", () => {
    const next = (pattern: string, due: string, completed: string) =>
      plan(from(pattern, due), closed(due, completed), completed).make[0];
    assert.equal(next("RRULE:FREQ=WEEKLY;INTERVAL=4;BYDAY=SA", "2026-11-28", "2026-11-30T12:00"), "2027-01-02");
    assert.equal(next("RRULE:FREQ=WEEKLY;INTERVAL=4;BYDAY=SA", "2026-12-05", "2026-11-28T12:00"), "2026-12-26");
    assert.equal(next("monthly:15", "2026-01-15", "2026-01-15T08:00"), "2026-02-15");
    assert.equal(next("monthly:15", "2026-01-15", "2026-01-20T08:00"), "2026-03-15");
    assert.equal(next("RRULE:FREQ=MONTHLY;INTERVAL=6", "2026-01-31", "2026-02-20T08:00"), "2026-08-20");
    assert.equal(next("yearly", "2024-02-29", "2024-03-01T08:00"), "2025-03-01");
    assert.equal(next("RRULE:FREQ=HOURLY;INTERVAL=3", "2026-01-10T09:00", "2026-01-10T14:10"), "2026-01-10T18:00");
    assert.equal(next("daily", "2999-01-10", "2026-01-10T12:00"), "2999-01-11");
    assert.equal(next("custom:5m", "2999-01-10", "2026-01-10T12:00"), "2999-05-10");
  });

  it("of several dates in a period goes on with the next one", () => {
    const next = (pattern: string, due: string, completed: string) =>
      plan(from(pattern, due), closed(due, completed), completed).make[0];
    assert.equal(next("weekly:MON,WED", "2026-01-12", "2026-01-12T12:00"), "2026-01-14");
    assert.equal(next("weekly:MON,WED", "2026-01-12", "2026-01-15T12:00"), "2026-01-19");
    assert.equal(next("monthly:1,15", "2026-01-01", "2026-01-03T12:00"), "2026-01-15");
    assert.equal(
      next("RRULE:FREQ=DAILY;BYHOUR=8,18;BYMINUTE=0", "2026-01-10T08:00", "2026-01-10T09:00"),
      "2026-01-10T18:00",
    );
  });

  it("ends with the last day", () => {
    const limited = from("daily", "2026-01-10", { endDate: date("2026-01-12") });
    assert.equal(plan(limited, closed("2026-01-10", "2026-01-12T08:00"), "2026-01-12T08:00").ended, true);
  });
});

describe("any series with every date wanted", () => {
  it("has each date once and always its next one, however rarely it is looked at", () => {
    const pattern = fc.constantFrom(
      "daily",
      "weekly:MON,WED,SUN",
      "monthly",
      "FREQ=HOURLY;INTERVAL=5",
      "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30",
    );
    const looks = fc.array(fc.integer({ min: 1, max: 40 * 24 * 60 }), { minLength: 1, maxLength: 12 });
    const zone = fc.constantFrom("Europe/Rome", "America/New_York", "Australia/Lord_Howe");
    fc.assert(
      fc.property(pattern, looks, zone, fc.boolean(), (text, gaps, name, closing) => {
        const of = series(text, "2026-02-20T02:30", { zone: name, catchUp: "all" });
        const made: Civil[] = [];
        let now = at("2026-02-20T00:00");
        for (const gap of gaps) {
          now += gap * 60_000;
          let again = true;
          while (again) {
            const progress = {
              last: made.at(-1) ?? null,
              lastClosedAt: closing && made.length > 0 ? now : null,
            };
            const { make, wakeAt } = planSeries(of, progress, now);
            made.push(...make);
            again = make.length > 0 && wakeAt === now;
          }
          const last = made.at(-1) as Civil;
          assert.ok(toInstant(name, last) > now, "the next one is still to come");
          assert.deepEqual(made, occurrencesBetween(of.schedule, of.schedule.anchor, last));
        }
        assert.ok(made.every((day, i) => i === 0 || compareCivil(made[i - 1] as Civil, day) < 0));
      }),
      { numRuns: 100 },
    );
  });
});
