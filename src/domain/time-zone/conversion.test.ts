import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { type Civil, formatCivil, parseCivil } from "../civil.ts";
import { canonicalZone, isTimeZone, offsetAt, startOfDay, toCivil, toInstant, UnknownTimeZone } from "../time-zone.ts";

const civil = (text: string): Civil => parseCivil(text) as Civil;
const utc = (zone: string, text: string): string => new Date(toInstant(zone, civil(text))).toISOString();
const wall = (zone: string, instant: string): string => formatCivil(toCivil(zone, Date.parse(instant)));

describe("names of zones", () => {
  it("accepts zones and links in any case, and keeps a link's own name", () => {
    assert.equal(canonicalZone("Europe/Rome"), "Europe/Rome");
    assert.equal(canonicalZone("europe/amsterdam"), "Europe/Amsterdam");
    assert.equal(canonicalZone("US/Eastern"), "US/Eastern");
    assert.equal(canonicalZone("utc"), "UTC");
  });

  it("refuses what is no zone", () => {
    for (const name of ["", "Europe/Atlantis", "+02:00", "EST5EDT4", "__proto__", "constructor", "Europe/Rome "]) {
      assert.equal(isTimeZone(name), false, name);
    }
    assert.throws(() => offsetAt("Europe/Atlantis", 0), UnknownTimeZone);
    assert.throws(() => offsetAt("constructor", 0), { code: "unknown_time_zone", zone: "constructor" });
  });
});

describe("a wall-clock time becomes an instant", () => {
  const cases: [zone: string, wallClock: string, instant: string, why: string][] = [
    ["America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00.000Z", "in the gap, forward by an hour"],
    ["America/New_York", "2026-03-08T03:00", "2026-03-08T07:00:00.000Z", "just after the gap"],
    ["America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00.000Z", "in the fold, the first"],
    ["America/New_York", "2026-11-01T02:00", "2026-11-01T07:00:00.000Z", "just after the fold"],
    ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00.000Z", "half an hour's gap"],
    ["Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00.000Z", "half an hour's fold"],
    ["Pacific/Apia", "2011-12-30T09:00", "2011-12-30T19:00:00.000Z", "a day that was skipped"],
    ["America/Vancouver", "2026-07-15T09:00", "2026-07-15T16:00:00.000Z", "the last summer of changes"],
    ["America/Vancouver", "2027-01-15T09:00", "2027-01-15T16:00:00.000Z", "no change back after 2026"],
    ["Africa/Casablanca", "2027-01-15T09:00", "2027-01-15T09:00:00.000Z", "UTC since September 2026"],
    ["Europe/Dublin", "2026-07-15T09:00", "2026-07-15T08:00:00.000Z", "negative DST in the winter"],
    ["Asia/Kathmandu", "2026-07-15T09:00", "2026-07-15T03:15:00.000Z", "a quarter of an hour"],
    ["Africa/Cairo", "2050-07-15T09:00", "2050-07-15T06:00:00.000Z", "after the data's end, by the last rule"],
    ["Europe/Rome", "9998-07-15T09:00", "9998-07-15T07:00:00.000Z", "as far as the calendar goes"],
    ["UTC", "2026-07-15", "2026-07-15T00:00:00.000Z", "a date is its midnight"],
  ];
  for (const [zone, wallClock, instant, why] of cases) {
    it(`${wallClock} in ${zone}: ${why}`, () => assert.equal(utc(zone, wallClock), instant));
  }

  it("starts a day whose midnight is skipped at the end of the gap", () => {
    const start = startOfDay("America/Santiago", { year: 2026, month: 9, day: 6 });
    assert.equal(wall("America/Santiago", new Date(start).toISOString()), "2026-09-06T01:00");
  });
});

describe("an instant becomes a wall-clock time", () => {
  it("shows the same time twice in a fold and none in a gap", () => {
    assert.equal(wall("America/New_York", "2026-11-01T05:30:00Z"), "2026-11-01T01:30");
    assert.equal(wall("America/New_York", "2026-11-01T06:30:00Z"), "2026-11-01T01:30");
    assert.equal(wall("America/New_York", "2026-03-08T07:00:00Z"), "2026-03-08T03:00");
  });
});

describe("any zone, any moment", () => {
  const zone = fc.constantFrom(
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
    "America/Sao_Paulo",
    "Asia/Tehran",
  );
  const moment = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(9990, 0, 1) });

  it("comes back from the wall clock to the same instant, or to the first of two", () => {
    fc.assert(
      fc.property(zone, moment, (name, instant) => {
        const back = toInstant(name, toCivil(name, instant));
        assert.ok(back <= instant && instant - back <= 24 * 3_600_000);
        assert.deepEqual(toCivil(name, back), toCivil(name, instant));
      }),
    );
  });

  it("repeats after 400 years, where a yearly rule holds", () => {
    const cycle = 146_097 * 86_400_000;
    const late = fc.integer({ min: Date.UTC(2040, 0, 1), max: Date.UTC(5000, 0, 1) });
    fc.assert(
      fc.property(late, (instant) => offsetAt("Europe/London", instant) === offsetAt("Europe/London", instant + cycle)),
    );
  });
});
