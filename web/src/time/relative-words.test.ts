import assert from "node:assert/strict";
import { test } from "node:test";
import { relativeWords } from "./relative-words.ts";

const now = Date.parse("2027-03-10T12:00:00Z");
const words = (instant: string): string => relativeWords(instant, now, "en-GB");

test("how long ago, in the largest unit that has passed", () => {
  assert.equal(words("2027-03-10T11:59:30Z"), "now");
  assert.equal(words("2027-03-10T11:55:10Z"), "4 minutes ago");
  assert.equal(words("2027-03-10T09:00:00Z"), "3 hours ago");
  assert.equal(words("2027-03-09T11:00:00Z"), "yesterday");
  assert.equal(words("2027-03-06T12:00:00Z"), "4 days ago");
  assert.equal(words("2027-02-20T12:00:00Z"), "2 weeks ago");
  assert.equal(words("2027-01-01T12:00:00Z"), "2 months ago");
  assert.equal(words("2024-03-10T12:00:00Z"), "2 years ago");
});

test("an instant that this device's clock has not reached is now", () => {
  assert.equal(words("2027-03-10T12:03:00Z"), "now");
});
