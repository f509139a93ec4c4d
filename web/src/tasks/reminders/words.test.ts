import assert from "node:assert/strict";
import { test } from "node:test";
import { clockAt } from "../../time/due-date.ts";
import { offsetWords, reminderWords } from "./words.ts";

const setting = (due: string | null) => ({
  due,
  clock: clockAt(new Date("2027-03-10T08:40:00Z"), "Europe/London"),
  allDayHour: 8,
});
const timed = setting("2027-03-10T14:30");
const allDay = setting("2027-03-10");

test("before a time the span is said", () => {
  const said = ["PT0S", "PT15M", "PT1H30M", "P1D", "P1W", "P10D", "P1DT2H", "P1M"].map((offset) =>
    offsetWords(offset, timed),
  );
  assert.deepEqual(said, [
    "At the due time",
    "15 minutes before",
    "1 hour 30 minutes before",
    "1 day before",
    "1 week before",
    "10 days before",
    "1 day 2 hours before",
    "1 month before",
  ]);
});

test("of a whole day the hour is said", () => {
  const said = ["PT0S", "P1D", "P2D", "P1W", "PT15M"].map((offset) => offsetWords(offset, allDay));
  assert.deepEqual(said, [
    "At 08:00 on the day",
    "At 08:00 the day before",
    "At 08:00, 2 days before",
    "At 08:00, 1 week before",
    "15 minutes before 08:00 on the day",
  ]);
});

test("a moment is said in the user's zone, and that it was snoozed", () => {
  const moment = { offset: null, remind_at: "2027-03-11T09:00:00.000Z", snoozed_from: null };
  assert.equal(reminderWords(moment, timed), "Tomorrow 09:00");
  assert.equal(reminderWords({ ...moment, snoozed_from: "one" }, timed), "Snoozed: Tomorrow 09:00");
  assert.equal(reminderWords({ ...moment, offset: "PT15M" }, timed), "15 minutes before");
});
