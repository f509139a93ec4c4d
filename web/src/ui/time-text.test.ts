import assert from "node:assert/strict";
import { test } from "node:test";
import { readTime, stepTime } from "./time-text.ts";

const readings: readonly (readonly [string, string])[] = [
  ["9", "09:00"],
  ["09", "09:00"],
  ["930", "09:30"],
  ["0930", "09:30"],
  ["9:30", "09:30"],
  ["9.30", "09:30"],
  ["21h", "21:00"],
  ["21h15", "21:15"],
  ["9 30", "09:30"],
  ["0:00", "00:00"],
  ["23:59", "23:59"],
  ["9pm", "21:00"],
  ["9:30 PM", "21:30"],
  ["12am", "00:00"],
  ["12 pm", "12:00"],
  ["1a", "01:00"],
  ["  7:05  ", "07:05"],
];
for (const [text, time] of readings) test(`“${text}” is ${time}`, () => assert.equal(readTime(text), time));

for (const text of ["", "noon", "24:00", "9:60", "13pm", "0am", "9:3", "12345", "-9", "9:30:15"])
  test(`“${text}” is no time`, () => assert.equal(readTime(text), null));

test("the arrows go by quarters of an hour, round the clock", () => {
  assert.equal(stepTime("09:00", 1), "09:15");
  assert.equal(stepTime("09:07", 1), "09:15");
  assert.equal(stepTime("09:07", -1), "09:00");
  assert.equal(stepTime("09:15", -1), "09:00");
  assert.equal(stepTime("23:50", 1), "00:00");
  assert.equal(stepTime("00:00", -1), "23:45");
  assert.equal(stepTime(null, 1), "09:00");
});
