import assert from "node:assert/strict";
import { test } from "node:test";
import { clockAt } from "./due-date.ts";
import { dayHeading, dueWords, formatInstant, plainDate, withPlainDates } from "./due-words.ts";

const vocabulary = { locale: "en-GB", today: "Today", tomorrow: "Tomorrow", yesterday: "Yesterday" };
// A Sunday, 10:00 in Berlin.
const clock = clockAt(new Date("2026-11-22T09:00:00Z"), "Europe/Berlin");
const words = (due: string) => dueWords(due, clock, vocabulary);

test("words come before digits", () => {
  assert.deepEqual(words("2026-11-22"), { text: "Today", tone: "today" });
  assert.deepEqual(words("2026-11-22T18:00"), { text: "Today 18:00", tone: "today" });
  assert.deepEqual(words("2026-11-23"), { text: "Tomorrow", tone: "soon" });
  assert.deepEqual(words("2026-11-27"), { text: "Fri", tone: "soon" });
  assert.deepEqual(words("2026-11-29"), { text: "29 Nov", tone: "soon" });
  assert.deepEqual(words("2026-12-12"), { text: "12 Dec", tone: "later" });
  assert.deepEqual(words("2027-03-12"), { text: "12 Mar 2027", tone: "later" });
});

test("what is late says so by its tone", () => {
  assert.deepEqual(words("2026-11-21"), { text: "Yesterday", tone: "overdue" });
  assert.deepEqual(words("2026-11-01"), { text: "1 Nov", tone: "overdue" });
  assert.deepEqual(words("2026-11-22T09:59"), { text: "Today 09:59", tone: "overdue" });
});

test("an instant is told in the user's zone", () => {
  assert.deepEqual(words("2026-11-22T23:30:00Z"), { text: "Tomorrow 00:30", tone: "soon" });
  assert.match(formatInstant("2026-11-22T09:00:00.000Z", "Europe/Berlin", "en-GB"), /22 Nov 2026.*10:00/);
});

test("a day that the heading names is not said again", () => {
  const below = (due: string) => dueWords(due, clock, vocabulary, "2026-11-23").text;
  assert.equal(below("2026-11-23"), "");
  assert.equal(below("2026-11-23T09:00"), "09:00");
  assert.equal(below("2026-11-24"), "Tue");
});

test("a day's heading names the day and the date", () => {
  assert.equal(dayHeading("2026-11-23", clock.day, vocabulary), "Tomorrow · Monday 23 November");
  assert.equal(dayHeading("2026-11-21", clock.day, vocabulary), "Yesterday · Saturday 21 November");
  assert.equal(dayHeading("2026-11-20", clock.day, vocabulary), "Friday 20 November");
  assert.equal(dayHeading("2026-11-25", clock.day, vocabulary), "Wednesday 25 November");
  assert.match(dayHeading("2027-01-01", clock.day, vocabulary), /^Friday,? 1 January 2027$/);
});

test("a plain date is not told from today", () => {
  const plain = (date: string) => plainDate(date, clock, "en-GB");
  assert.equal(plain("2026-11-22"), "Sun 22 Nov");
  assert.equal(plain("2026-11-23T09:15"), "Mon 23 Nov 09:15");
  assert.equal(plain("2026-11-22T23:30:00Z"), "Mon 23 Nov 00:30");
  assert.match(plain("2027-03-12"), /^Fri,? 12 Mar 2027$/);
});

test("the dates of a sentence are written as elsewhere, and nothing else of it changes", () => {
  const plain = (sentence: string) => withPlainDates(sentence, clock, "en-GB");
  assert.equal(plain("Moved to 2026-11-23 09:15, from 2026-11-24."), "Moved to Mon 23 Nov 09:15, from Tue 24 Nov.");
  assert.equal(plain("Held back for 15 minutes, 2026-1."), "Held back for 15 minutes, 2026-1.");
});
