import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseDueDate } from "../due-date.ts";
import { toCivil } from "../time-zone.ts";
import { instantBefore, type ReminderClock } from "./instant.ts";
import { parseOffset } from "./offset.ts";

const rome: ReminderClock = { zone: "Europe/Rome", allDayHour: 9 };

const remindAt = (due: string, offset: string, clock: ReminderClock = rome): string => {
  const [dueDate, before] = [parseDueDate(due), parseOffset(offset)];
  assert.ok(dueDate && before);
  return new Date(instantBefore(dueDate, before, clock)).toISOString();
};

describe("the instant of a reminder", () => {
  it("counts hours and minutes exactly", () => {
    assert.equal(remindAt("2026-07-01T09:00", "15 minutes"), "2026-07-01T06:45:00.000Z");
    assert.equal(remindAt("2026-07-01T09:00:00Z", "PT1H"), "2026-07-01T08:00:00.000Z");
    assert.equal(remindAt("2026-07-01T09:00", "PT0S"), "2026-07-01T07:00:00.000Z");
  });

  it("counts days and weeks by the wall clock, where clocks change too", () => {
    assert.equal(remindAt("2026-03-29T09:00", "1 day"), "2026-03-28T08:00:00.000Z", "09:00 in winter");
    assert.equal(remindAt("2026-03-29T09:00", "PT24H"), "2026-03-28T07:00:00.000Z", "08:00 in winter");
    assert.equal(remindAt("2026-10-26T09:00", "1 week"), "2026-10-19T07:00:00.000Z", "09:00 in summer");
    assert.equal(
      remindAt("2026-10-25T08:00:00Z", "1 day"),
      "2026-10-24T07:00:00.000Z",
      "an instant is at 09:00 in Rome",
    );
    assert.equal(
      remindAt("2026-03-30T02:30", "1 day"),
      "2026-03-29T01:30:00.000Z",
      "02:30 is skipped, and moves forward",
    );
    assert.equal(remindAt("2026-10-26T09:00", "P1DT8H"), "2026-10-25T00:00:00.000Z", "days first, then hours");
  });

  it("keeps an instant that the wall clock has twice", () => {
    assert.equal(remindAt("2026-10-25T01:30:00Z", "PT0S"), "2026-10-25T01:30:00.000Z", "the second 02:30");
  });

  it("of an all-day task counts from the user's hour of that day", () => {
    assert.equal(remindAt("2026-07-01", "PT0S"), "2026-07-01T07:00:00.000Z");
    assert.equal(
      remindAt("2026-07-01", "15 minutes", { zone: "Europe/Rome", allDayHour: 0 }),
      "2026-06-30T21:45:00.000Z",
    );
    assert.equal(
      remindAt("2026-07-01", "1 day", { zone: "America/New_York", allDayHour: 18 }),
      "2026-06-30T22:00:00.000Z",
    );
  });

  it("a month before goes by the calendar", () => {
    assert.equal(remindAt("2026-03-31T09:00", "1 month"), "2026-02-28T08:00:00.000Z");
    assert.equal(remindAt("2028-02-29T09:00", "1 year"), "2027-02-28T08:00:00.000Z");
    assert.equal(remindAt("2026-01-15T09:00", "2 months"), "2025-11-15T08:00:00.000Z");
  });

  it("can be written at the calendar's end", () => {
    assert.equal(
      remindAt("9999-12-31", "PT0S", { zone: "Pacific/Pago_Pago", allDayHour: 23 }),
      "9999-12-31T23:59:59.999Z",
    );
  });

  it("shows the same time of day so many days before, in any zone, unless that day skips it", () => {
    const zones = fc.constantFrom("UTC", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu");
    const instants = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
    fc.assert(
      fc.property(zones, instants, fc.integer({ min: 1, max: 60 }), (zone, at, days) => {
        const due = toCivil(zone, at);
        const { hour, minute } = toCivil(
          zone,
          instantBefore({ kind: "wall-clock", at: due }, { months: 0, days, ms: 0 }, { zone, allDayHour: 9 }),
        );
        if (due.hour > 3) assert.deepEqual([hour, minute], [due.hour, due.minute]);
      }),
    );
  });
});
