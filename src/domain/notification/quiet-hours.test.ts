import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { endOfQuiet } from "./quiet-hours.ts";

const night = { start: "22:00", end: "07:00" };
const end = (quiet: { start: string; end: string }, zone: string, instant: string): string | undefined => {
  const until = endOfQuiet(quiet, zone, Date.parse(instant));
  return until === undefined ? undefined : new Date(until).toISOString();
};

describe("quiet hours", () => {
  it("over midnight hold on both sides of it, from their start until just before their end", () => {
    assert.equal(end(night, "UTC", "2026-03-01T21:59:59.999Z"), undefined);
    assert.equal(end(night, "UTC", "2026-03-01T22:00:00.000Z"), "2026-03-02T07:00:00.000Z");
    assert.equal(end(night, "UTC", "2026-03-02T00:00:00.000Z"), "2026-03-02T07:00:00.000Z");
    assert.equal(end(night, "UTC", "2026-03-02T06:59:59.999Z"), "2026-03-02T07:00:00.000Z");
    assert.equal(end(night, "UTC", "2026-03-02T07:00:00.000Z"), undefined);
  });

  it("within a day hold on that day", () => {
    const noon = { start: "12:00", end: "13:30" };
    assert.equal(end(noon, "Asia/Kathmandu", "2026-03-01T06:15:00.000Z"), "2026-03-01T07:45:00.000Z");
    assert.equal(end(noon, "Asia/Kathmandu", "2026-03-01T12:30:00.000Z"), undefined);
  });

  it("are an hour shorter or longer in the night the clocks change", () => {
    assert.equal(end(night, "Europe/Rome", "2026-03-28T21:00:00.000Z"), "2026-03-29T05:00:00.000Z");
    assert.equal(end(night, "Europe/Rome", "2026-10-24T20:00:00.000Z"), "2026-10-25T06:00:00.000Z");
  });

  it("that end at a time the clocks skip end when they have skipped it", () => {
    assert.equal(
      end({ start: "22:00", end: "02:30" }, "America/New_York", "2026-03-08T06:59:00.000Z"),
      "2026-03-08T07:30:00.000Z",
    );
  });

  it("that end at a time the clocks show twice end at the first and do not begin again", () => {
    const quiet = { start: "22:00", end: "01:30" };
    assert.equal(end(quiet, "America/New_York", "2026-11-01T05:15:00.000Z"), "2026-11-01T05:30:00.000Z");
    assert.equal(end(quiet, "America/New_York", "2026-11-01T06:15:00.000Z"), undefined);
  });

  it("end within a day and an hour, at an instant that is not quiet", () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
    const zone = fc.constantFrom(
      "America/New_York",
      "Europe/London",
      "Australia/Lord_Howe",
      "Africa/Cairo",
      "Asia/Tehran",
      "UTC",
    );
    const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(time, time, zone, instant, (start, finish, name, at) => {
        fc.pre(start !== finish);
        const until = endOfQuiet({ start, end: finish }, name, at);
        if (until === undefined) return;
        assert.ok(until > at && until - at <= 25 * 3_600_000);
        assert.equal(endOfQuiet({ start, end: finish }, name, until), undefined);
      }),
      { numRuns: 2_000 },
    );
  });
});
