import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { english } from "./english.ts";
import { parseQuickAdd, type QuickTask } from "./quick-add.ts";

/** Monday 30 November 2026, noon. */
const now = { year: 2026, month: 11, day: 30, hour: 12, minute: 0, second: 0, ms: 0 };
const context = { now, weekStart: 0, isDayFirst: true, allDayHour: 9, language: english };

const taskOf = (text: string): QuickTask => parseQuickAdd(text, context).task;

/** Each phrase behind a title, and what it makes of the task. */
const holds = (expected: Readonly<Record<string, Omit<QuickTask, "title">>>): void => {
  for (const [phrase, fields] of Object.entries(expected))
    assert.deepEqual(taskOf(`Call mum ${phrase}`), { title: "Call mum", ...fields }, phrase);
};
const due = (phrases: Readonly<Record<string, string>>): void =>
  holds(Object.fromEntries(Object.entries(phrases).map(([phrase, due_date]) => [phrase, { due_date }])));

describe("a date", () => {
  it("is a day that is near", () =>
    due({
      today: "2026-11-30",
      tod: "2026-11-30",
      tomorrow: "2026-12-01",
      tom: "2026-12-01",
      "day after tomorrow": "2026-12-02",
      "the day after tomorrow": "2026-12-02",
      friday: "2026-12-04",
      "on friday": "2026-12-04",
      "by friday": "2026-12-04",
      "this friday": "2026-12-04",
      monday: "2026-12-07",
      "next fri": "2026-12-11",
      "friday next week": "2026-12-11",
      "fri in 2 weeks": "2026-12-18",
      "this weekend": "2026-12-05",
      "next weekend": "2026-12-12",
      "next week": "2026-12-07",
      "next month": "2026-12-01",
      "next year": "2027-01-01",
    }));

  it("is a distance from today", () =>
    due({
      "in 3 days": "2026-12-03",
      "in three days": "2026-12-03",
      "in a week": "2026-12-07",
      "in 2w": "2026-12-14",
      "in a fortnight": "2026-12-14",
      "in a couple of days": "2026-12-02",
      "in 3 months": "2027-02-28",
      "2 weeks from now": "2026-12-14",
    }));

  it("is a day of the calendar, the next one unless a year is said", () =>
    due({
      "15 jan": "2027-01-15",
      "15th of january": "2027-01-15",
      "jan 15": "2027-01-15",
      "jan 15 2028": "2028-01-15",
      "January 15th, 2028": "2028-01-15",
      "sat 5 dec": "2026-12-05",
      "1 dec": "2026-12-01",
      "29 nov": "2027-11-29",
      "29 feb": "2028-02-29",
      "2027-01-15": "2027-01-15",
      "15/1": "2027-01-15",
      "15/1/2028": "2028-01-15",
      "15/1/28": "2028-01-15",
      "15th": "2026-12-15",
      "on the 15th": "2026-12-15",
      "the 15th of next month": "2026-12-15",
      "in january": "2027-01-01",
      "march 2028": "2028-03-01",
    }));

  it("is a place in a month", () =>
    due({
      "end of month": "2026-11-30",
      "end of the month": "2026-11-30",
      "end of next month": "2026-12-31",
      "end of the week": "2026-12-06",
      "end of january": "2027-01-31",
      eom: "2026-11-30",
      eoy: "2026-12-31",
      "first monday of january": "2027-01-04",
      "last friday of next month": "2026-12-25",
      "last day of february": "2027-02-28",
      "third tuesday in march 2028": "2028-03-21",
    }));

  it("in digits has the order of the user's region, where it can", () => {
    const american = (text: string) => parseQuickAdd(text, { ...context, isDayFirst: false }).task.due_date;
    assert.equal(american("Call mum 3/4"), "2027-03-04");
    assert.equal(taskOf("Call mum 3/4").due_date, "2027-04-03");
    assert.equal(american("Call mum 25/12"), "2026-12-25");
  });
});

describe("a time", () => {
  it("is today while it is to come, else tomorrow", () =>
    due({
      "9am": "2026-12-01T09:00",
      "9 am": "2026-12-01T09:00",
      "9:30": "2026-12-01T09:30",
      "21:00": "2026-11-30T21:00",
      "9.30pm": "2026-11-30T21:30",
      "12am": "2026-12-01T00:00",
      "12pm": "2026-12-01T12:00",
      "at nine": "2026-12-01T09:00",
      "at 5": "2026-11-30T17:00",
      "8 o'clock": "2026-12-01T08:00",
      "half past eight": "2026-12-01T08:30",
      "quarter to nine": "2026-12-01T08:45",
      "at ten past five": "2026-11-30T17:10",
      noon: "2026-12-01T12:00",
      "at midnight": "2026-12-01T00:00",
      tonight: "2026-11-30T20:00",
      "this evening": "2026-11-30T18:00",
      "in 2 hours": "2026-11-30T14:00",
      "in half an hour": "2026-11-30T12:30",
      "in 90 min": "2026-11-30T13:30",
    }));

  it("goes with a date, before it and behind it", () =>
    due({
      "tomorrow 9am": "2026-12-01T09:00",
      "9am tomorrow": "2026-12-01T09:00",
      "tom 9am": "2026-12-01T09:00",
      "on friday at 9:30": "2026-12-04T09:30",
      "15 jan at noon": "2027-01-15T12:00",
      "friday morning": "2026-12-04T09:00",
      "tomorrow in the evening": "2026-12-01T18:00",
    }));

  it("in a zone is an instant", () =>
    due({
      "tomorrow 9am UTC": "2026-12-01T09:00Z",
      "tomorrow 09:00Z": "2026-12-01T09:00Z",
      "tomorrow 9:00+02:00": "2026-12-01T09:00+02:00",
      "tomorrow 9am America/New_York": "2026-12-01T14:00:00.000Z",
    }));
});

describe("a repeat", () => {
  const rule = (phrases: Readonly<Record<string, readonly [string, string]>>): void =>
    holds(
      Object.fromEntries(
        Object.entries(phrases).map(([phrase, [due_date, recurrence_pattern]]) => [
          phrase,
          { due_date, recurrence_pattern },
        ]),
      ),
    );

  it("is every so many days, weeks, months or years", () =>
    rule({
      "every day": ["2026-11-30", "daily"],
      daily: ["2026-11-30", "daily"],
      "each week": ["2026-11-30", "weekly"],
      "every 3 days": ["2026-11-30", "custom:3d"],
      "every other week": ["2026-11-30", "custom:2w"],
      "every second month": ["2026-11-30", "custom:2m"],
      "every quarter": ["2026-11-30", "custom:3m"],
      yearly: ["2026-11-30", "yearly"],
      "every 2 hours": ["2026-11-30T13:00", "RRULE:FREQ=HOURLY;INTERVAL=2"],
      "every morning": ["2026-12-01T09:00", "daily"],
      "every day at 9am": ["2026-12-01T09:00", "daily"],
    }));

  it("is on days of the week", () =>
    rule({
      "every friday": ["2026-12-04", "RRULE:FREQ=WEEKLY;BYDAY=FR"],
      fridays: ["2026-12-04", "RRULE:FREQ=WEEKLY;BYDAY=FR"],
      "every weekday": ["2026-11-30", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"],
      "every weekend": ["2026-12-05", "RRULE:FREQ=WEEKLY;BYDAY=SA,SU"],
      "every other friday": ["2026-12-04", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"],
      "every mon, wed and fri at 18:00": ["2026-11-30T18:00", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR"],
      "every 2 weeks on mon, thu": ["2026-11-30", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"],
      "every monday morning": ["2026-12-07T09:00", "RRULE:FREQ=WEEKLY;BYDAY=MO"],
    }));

  it("is on days of the month and the year", () =>
    rule({
      "every 1st and 15th": ["2026-12-01", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15"],
      "every month on the 1st": ["2026-12-01", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1"],
      "every last friday": ["2026-12-25", "RRULE:FREQ=MONTHLY;BYDAY=-1FR"],
      "every last day of the month": ["2026-11-30", "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1"],
      "every 31st": ["2026-11-30", "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"],
      "every last weekday of the month": ["2026-11-30", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
      "every 3 months on the 15th": ["2026-12-15", "RRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"],
      "every jan 15": ["2027-01-15", "RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"],
      "every 15 january": ["2027-01-15", "RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"],
      "every first monday of march": ["2027-03-01", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=1MO"],
    }));

  it("of every other friday begins with the next one, also at the end of a week", () => {
    const saturday = { ...context, now: { ...now, month: 12, day: 5 } };
    assert.equal(parseQuickAdd("Call mum every other friday", saturday).task.due_date, "2026-12-11");
  });

  it("has a beginning and an end", () => {
    rule({
      "every day starting 1 feb": ["2027-02-01", "daily"],
      "every day from tomorrow": ["2026-12-01", "daily"],
      "every day 10 times": ["2026-11-30", "RRULE:FREQ=DAILY;COUNT=10"],
      "every week for 6 times": ["2026-11-30", "RRULE:FREQ=WEEKLY;COUNT=6"],
    });
    holds({
      "every day until june": {
        due_date: "2026-11-30",
        recurrence_pattern: "daily",
        recurrence_end_date: "2027-06-01",
      },
    });
  });

  it("counts from completion with an exclamation mark", () =>
    holds({
      "every! 3 days": { due_date: "2026-11-30", recurrence_pattern: "custom:3d", recurrence_basis: "completion" },
    }));
});

describe("a reminder", () => {
  it("is so long before, or at a time of its own", () => {
    assert.deepEqual(taskOf("Dentist fri 9am remind 1 day before remind me 10 min before"), {
      title: "Dentist",
      due_date: "2026-12-04T09:00",
      reminders: [{ offset: "P1D" }, { offset: "PT10M" }],
    });
    assert.deepEqual(taskOf("Dentist 3 mar remind me at 8am").reminders, [{ remind_at: "2027-03-03T08:00" }]);
    assert.deepEqual(taskOf("Dentist 3 mar remind me tomorrow").reminders, [{ remind_at: "2026-12-01T09:00" }]);
    assert.deepEqual(taskOf("Dentist remind me at 8am").reminders, [{ remind_at: "2026-12-01T08:00" }]);
  });
});

it("a priority is a sign that stands apart", () => {
  for (const [text, priority] of Object.entries({
    "!high": "high",
    "!1": "high",
    "!!!": "high",
    p1: "high",
    "!low": "low",
    p3: "low",
    "!2": "medium",
  }))
    assert.deepEqual(taskOf(`Call mum ${text}`), { title: "Call mum", priority }, text);
  for (const text of ["Call mum!", "Call mum!!!", "5! is 120", "!important", "mp3 p11"])
    assert.equal(taskOf(text).priority, undefined, text);
});

it("everything goes together, in any order", () => {
  const task = {
    title: "Pay rent",
    due_date: "2026-12-01T09:00",
    priority: "high",
    recurrence_pattern: "RRULE:FREQ=MONTHLY;BYMONTHDAY=1",
    reminders: [{ offset: "P1D" }],
  };
  assert.deepEqual(taskOf("Pay rent every month on the 1st 9am !high remind 1 day before"), task);
  assert.deepEqual(taskOf("!high Pay rent at 9am every month on the 1st remind 1 day before"), task);
  assert.deepEqual(taskOf("every month on the 1st remind 1 day before 9am Pay rent !high"), task);
});
