import assert from "node:assert/strict";
import { test } from "node:test";
import { clockAt } from "../time/due-date.ts";
import { snoozeChoices } from "./snooze-choices.ts";

const choices = (now: string): (readonly [string, string])[] => {
  const instant = new Date(now);
  return snoozeChoices(clockAt(instant, "Europe/Berlin")).map(({ label, until }) => [label, until(instant.getTime())]);
};

test("by day there is an evening to come; spans are instants, times of day the user's own", () => {
  assert.deepEqual(choices("2027-03-10T08:40:30.000Z"), [
    ["In 10 minutes", "2027-03-10T08:50:30.000Z"],
    ["In 1 hour", "2027-03-10T09:40:30.000Z"],
    ["This evening, 18:00", "2027-03-10T18:00"],
    ["Tomorrow morning, 09:00", "2027-03-11T09:00"],
  ]);
});

test("in the evening there is none, and tomorrow is the user's", () => {
  assert.deepEqual(choices("2027-12-31T17:00:00.000Z").slice(2), [["Tomorrow morning, 09:00", "2028-01-01T09:00"]]);
  assert.deepEqual(choices("2027-03-10T23:30:00.000Z").slice(2), [
    ["This evening, 18:00", "2027-03-11T18:00"],
    ["Tomorrow morning, 09:00", "2027-03-12T09:00"],
  ]);
});
