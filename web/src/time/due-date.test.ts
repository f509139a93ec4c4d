import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changedDue,
  civilOf,
  commonDue,
  civilTimeAt,
  clockAt,
  dayOf,
  dueOf,
  instantOf,
  isDueToday,
  isOverdue,
  kindOf,
  movedTo,
  timeOf,
  type DueChange,
} from "./due-date.ts";

const berlin = "Europe/Berlin";
const newYork = "America/New_York";
const clock = clockAt(new Date("2026-03-01T08:30:00Z"), berlin);

test("the clock shows the zone's day and time", () => {
  assert.deepEqual(clock, { zone: berlin, day: "2026-03-01", time: "2026-03-01T09:30" });
  assert.equal(clockAt(new Date("2026-03-01T03:00:00Z"), newYork).day, "2026-02-28");
  assert.equal(civilTimeAt(new Date("2026-03-01T00:00:00Z"), "UTC"), "2026-03-01T00:00");
});

test("the three kinds are told apart", () => {
  assert.deepEqual(
    ["2026-03-01", "2026-03-01T09:00", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00.000+02:00"].map(kindOf),
    ["date", "wall", "instant", "instant"],
  );
});

test("an instant is read in the zone, a date and a wall-clock time as they are", () => {
  assert.equal(civilOf("2026-03-01T23:30:00Z", berlin), "2026-03-02T00:30");
  assert.equal(dayOf("2026-03-01T23:30:00Z", newYork), "2026-03-01");
  assert.equal(civilOf("2026-03-01T09:00:30", newYork), "2026-03-01T09:00");
  assert.equal(timeOf("2026-03-01", berlin), null);
  assert.equal(timeOf("2026-03-01T09:00", berlin), "09:00");
});

test("a day is overdue when it has ended, a time when it has passed", () => {
  assert.equal(isOverdue("2026-03-01", clock), false);
  assert.equal(isOverdue("2026-02-28", clock), true);
  assert.equal(isOverdue("2026-03-01T09:29", clock), true);
  assert.equal(isOverdue("2026-03-01T09:30", clock), false);
  assert.equal(isOverdue("2026-03-01T08:29:00Z", clock), true);
  assert.equal(isDueToday("2026-02-28T23:30:00Z", clock), true);
});

test("a civil time becomes its instant, on both sides of a DST change", () => {
  assert.equal(instantOf("2026-03-01T09:00", berlin), "2026-03-01T08:00:00.000Z");
  assert.equal(instantOf("2026-07-01T09:00", berlin), "2026-07-01T07:00:00.000Z");
  assert.equal(instantOf("2026-03-29T12:00", berlin), "2026-03-29T10:00:00.000Z");
  assert.equal(instantOf("2026-01-01T00:15", "Asia/Kathmandu"), "2025-12-31T18:30:00.000Z");
});

test("a skipped time moves forward, a doubled one is the first", () => {
  assert.equal(instantOf("2026-03-29T02:30", berlin), "2026-03-29T01:30:00.000Z");
  assert.equal(instantOf("2026-10-25T02:30", berlin), "2026-10-25T00:30:00.000Z");
  assert.equal(instantOf("2026-11-01T01:30", newYork), "2026-11-01T05:30:00.000Z");
});

test("the picker's parts become a due date of the kind asked for", () => {
  assert.equal(dueOf("2026-03-01", null, "instant", berlin), "2026-03-01");
  assert.equal(dueOf("2026-03-01", "09:00", "wall", berlin), "2026-03-01T09:00");
  assert.equal(dueOf("2026-03-01", "09:00", "instant", berlin), "2026-03-01T08:00:00.000Z");
  assert.equal(dueOf("2026-03-01", "09:00", "date", berlin), "2026-03-01");
});

test("moving to another day keeps time and kind, over a DST change too", () => {
  assert.equal(movedTo(null, "2026-04-01", berlin), "2026-04-01");
  assert.equal(movedTo("2026-03-01", "2026-04-01", berlin), "2026-04-01");
  assert.equal(movedTo("2026-03-01T09:00", "2026-04-01", berlin), "2026-04-01T09:00");
  assert.equal(movedTo("2026-03-01T08:00:00Z", "2026-04-01", berlin), "2026-04-01T07:00:00.000Z");
});

test("moving to another day keeps seconds, and to the same day everything", () => {
  assert.equal(movedTo("2026-03-01T09:00:30", "2026-04-01", berlin), "2026-04-01T09:00:30");
  assert.equal(movedTo("2026-03-01T08:00:30Z", "2026-04-01", berlin), "2026-04-01T07:00:30.000Z");
  assert.equal(movedTo("2026-03-01T08:00:00Z", "2026-03-01", berlin), "2026-03-01T08:00:00Z");
});

const mixed = [null, "2026-03-05", "2026-03-05T09:00", "2026-03-06T16:00:00Z"];
const change = (what: DueChange): (string | null)[] => mixed.map((due) => changedDue(due, what, clock));

test("a new day changes no time and no kind", () => {
  assert.deepEqual(change({ day: "2026-03-01" }), [
    "2026-03-01",
    "2026-03-01",
    "2026-03-01T09:00",
    "2026-03-01T16:00:00.000Z",
  ]);
});

test("a new time changes no day, and the kind of nothing that has one", () => {
  assert.deepEqual(change({ time: "10:00", kind: "wall" }), [
    "2026-03-01T10:00",
    "2026-03-05T10:00",
    "2026-03-05T10:00",
    "2026-03-06T09:00:00.000Z",
  ]);
  assert.deepEqual(change({ time: null, kind: "wall" }), ["2026-03-01", "2026-03-05", "2026-03-05", "2026-03-06"]);
});

test("a new kind changes neither day nor time, and nothing that has no time", () => {
  assert.deepEqual(change({ kind: "instant" }), [null, "2026-03-05", "2026-03-05T08:00:00.000Z", mixed[3]]);
  assert.deepEqual(change({ kind: "wall" }), [null, "2026-03-05", "2026-03-05T09:00", "2026-03-06T17:00"]);
});

test("no date is no date for all", () => assert.deepEqual(change({ none: true }), [null, null, null, null]));

test("several due dates have a value in common, or a day, or nothing", () => {
  assert.equal(commonDue(["2026-03-05T09:00", "2026-03-05T09:00"], berlin), "2026-03-05T09:00");
  assert.equal(commonDue(["2026-03-05T09:00", "2026-03-05T16:00:00Z", "2026-03-05"], berlin), "2026-03-05");
  assert.equal(commonDue(["2026-03-05", "2026-03-06"], berlin), null);
  assert.equal(commonDue(["2026-03-05", null], berlin), null);
  assert.equal(commonDue([null, null], berlin), null);
});
