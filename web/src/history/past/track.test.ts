import assert from "node:assert/strict";
import { test } from "node:test";
import { clamped, trackThrough } from "./track.ts";

const known = { since: "2027-03-01T08:30:00.000Z", until: "2027-03-31T20:00:00.000Z" };

test("day by day at one time of the user's day, over a change of the clocks", () => {
  const track = trackThrough(known, "2027-03-10T11:00:00.000Z", "Europe/Berlin");
  assert.equal(track.isDaily, true);
  assert.equal(track.steps, 30);
  assert.equal(track.stepOf("2027-03-10T11:00:00.000Z"), 9);
  assert.equal(track.momentAt(9), "2027-03-10T11:00:00.000Z");
  assert.equal(track.momentAt(28), "2027-03-29T10:00:00.000Z", "noon in summer");
});

test("every step leads back to itself", () => {
  for (const zone of ["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]) {
    const track = trackThrough(known, "2027-03-10T02:30:00.000Z", zone);
    for (let step = 0; step <= track.steps; step += 1)
      assert.equal(track.stepOf(track.momentAt(step)), step, `${zone} ${step}`);
  }
});

test("the ends are the ends of what is known", () => {
  const track = trackThrough(known, "2027-03-10T02:00:00.000Z", "UTC");
  assert.equal(track.momentAt(0), known.since, "not before the account began");
  assert.equal(track.momentAt(track.steps), known.until);
  assert.equal(track.stepOf("2020-01-01T00:00:00Z"), 0);
  assert.equal(clamped("2030-01-01T00:00:00Z", known), known.until);
});

test("an account of a few days goes by the quarter of an hour", () => {
  const young = { since: "2027-03-10T08:00:00.000Z", until: "2027-03-10T09:20:00.000Z" };
  const track = trackThrough(young, young.until, "UTC");
  assert.equal(track.isDaily, false);
  assert.equal(track.steps, 6);
  assert.equal(track.momentAt(1), "2027-03-10T08:15:00.000Z");
  assert.equal(track.momentAt(6), young.until);
  assert.equal(track.stepOf(young.until), 6);
  assert.equal(trackThrough({ since: young.since, until: young.since }, young.since, "UTC").steps, 1);
});
