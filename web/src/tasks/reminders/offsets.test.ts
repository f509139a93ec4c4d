import assert from "node:assert/strict";
import { test } from "node:test";
import { isoOf, isSameOffset, momentBefore, offsetOf, units } from "./offsets.ts";

const berlin = { zone: "Europe/Berlin" };

test("durations are read as the server writes them", () => {
  assert.deepEqual(offsetOf("PT15M"), { months: 0, days: 0, minutes: 15 });
  assert.deepEqual(offsetOf("P1DT2H"), { months: 0, days: 1, minutes: 120 });
  assert.deepEqual(offsetOf("P2W"), { months: 0, days: 14, minutes: 0 });
  assert.deepEqual(offsetOf("P1Y1M"), { months: 13, days: 0, minutes: 0 });
  assert.deepEqual(offsetOf("PT0S"), { months: 0, days: 0, minutes: 0 });
});

test("what is written is read as the same", () => {
  assert.deepEqual(
    units.map((unit) => isoOf(2, unit)),
    ["PT2M", "PT2H", "P2D", "P2W"],
  );
  assert.equal(isoOf(0, "weeks"), "PT0S");
  assert.ok(isSameOffset("P7D", "P1W"));
  assert.ok(isSameOffset("PT60M", "PT1H"));
  assert.ok(!isSameOffset("PT24H", "P1D"), "a day before keeps the time of day where clocks change");
});

test("minutes and hours count exactly, days on the wall clock", () => {
  assert.equal(momentBefore("2026-07-01T09:00", "PT15M", berlin, 9), "2026-07-01T06:45:00.000Z");
  assert.equal(momentBefore("2026-03-29T09:00", "P1D", berlin, 9), "2026-03-28T08:00:00.000Z", "09:00 in winter");
  assert.equal(momentBefore("2026-03-29T09:00", "PT24H", berlin, 9), "2026-03-28T07:00:00.000Z", "08:00 in winter");
  assert.equal(momentBefore("2026-07-01T09:00:00Z", "PT1H", berlin, 9), "2026-07-01T08:00:00.000Z");
  assert.equal(
    momentBefore("2026-10-25T08:00:00Z", "P1D", berlin, 9),
    "2026-10-24T07:00:00.000Z",
    "an instant is at 09:00 in Berlin",
  );
  assert.equal(momentBefore("2026-10-25T01:30:00Z", "PT0S", berlin, 9), "2026-10-25T01:30:00.000Z", "the second 02:30");
});

test("a whole day counts as due at the user's hour", () => {
  assert.equal(momentBefore("2026-07-01", "PT0S", berlin, 9), "2026-07-01T07:00:00.000Z");
  assert.equal(momentBefore("2026-07-01", "P1D", berlin, 18), "2026-06-30T16:00:00.000Z");
  assert.equal(momentBefore("2026-07-01", "PT15M", berlin, 0), "2026-06-30T21:45:00.000Z");
});

test("months are the server's to count", () => {
  assert.equal(momentBefore("2026-03-31T09:00", "P1M", berlin, 9), null);
});
