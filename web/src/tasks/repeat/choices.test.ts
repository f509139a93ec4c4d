import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesFor, ordinalOf, patternOf, readChoices, type Choices } from "./choices.ts";

/** A Tuesday, the second of its month. */
const day = "2027-03-09";
const usual = choicesFor(day);

const written: readonly [string, Choices][] = [
  ["RRULE:FREQ=DAILY", { ...usual, unit: "day" }],
  ["RRULE:FREQ=DAILY;INTERVAL=3", { ...usual, unit: "day", every: 3 }],
  ["RRULE:FREQ=WEEKLY;BYDAY=TU", usual],
  ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE", { ...usual, every: 2, weekdays: ["WE", "MO"] }],
  ["RRULE:FREQ=MONTHLY;BYMONTHDAY=9", { ...usual, unit: "month" }],
  ["RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1", { ...usual, unit: "month", monthDay: { by: "day", day: 29 } }],
  [
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    { ...usual, unit: "month", monthDay: { by: "day", day: 31 } },
  ],
  ["RRULE:FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=-1", { ...usual, unit: "month", every: 6, monthDay: { by: "last-day" } }],
  ["RRULE:FREQ=MONTHLY;BYDAY=2TU", { ...usual, unit: "month", monthDay: { by: "weekday", ordinal: 2, weekday: "TU" } }],
  [
    "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
    { ...usual, unit: "month", monthDay: { by: "weekday", ordinal: -1, weekday: "FR" } },
  ],
  ["RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=9", { ...usual, unit: "year" }],
  [
    "RRULE:FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
    { ...usual, unit: "year", every: 4, yearDay: { month: 2, day: 29 } },
  ],
];

for (const [pattern, choices] of written) {
  test(`${pattern} is written from choices, and read back`, () => {
    assert.equal(patternOf(choices), pattern);
    const read = readChoices(pattern, day);
    assert.ok(read);
    assert.equal(patternOf(read), pattern);
    assert.deepEqual({ unit: read.unit, every: read.every }, { unit: choices.unit, every: choices.every });
  });
}

test("a rule that the editor has no choices for is not mistaken for one it has", () => {
  const rules = [
    "FREQ=HOURLY",
    "FREQ=WEEKLY;BYDAY=MO;COUNT=3",
    "FREQ=WEEKLY;BYDAY=MO;UNTIL=20271231",
    "FREQ=DAILY;BYDAY=MO,TU",
    "FREQ=MONTHLY;BYMONTHDAY=1,15",
    "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
    "FREQ=MONTHLY;BYDAY=5MO",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTH=3,4;BYMONTHDAY=9",
    "FREQ=WEEKLY;BYDAY=MO;WKST=SU",
    "FREQ=DAILY;INTERVAL=2;WKST=SU",
    "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9",
  ];
  for (const rule of rules) assert.equal(readChoices(rule, day), null, rule);
});

test("of weeks of which some are left out, the day they begin on is written and read", () => {
  const everyOther: Choices = { ...choicesFor(day, "SU"), every: 2, weekdays: ["TU", "SU"] };
  assert.equal(patternOf(everyOther), "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU");
  assert.deepEqual(readChoices(patternOf(everyOther), day, "MO"), everyOther);
  assert.equal(patternOf({ ...everyOther, every: 1 }), "RRULE:FREQ=WEEKLY;BYDAY=TU,SU");
  assert.equal(readChoices("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", day, "SU")?.weekStart, "MO", "as the rule has it");
});

test("what goes without saying may be said or not", () => {
  assert.equal(readChoices("FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;WKST=MO", day)?.unit, "week");
  assert.equal(readChoices("RRULE:FREQ=DAILY", day)?.unit, "day");
});

test("a day suggests its weekday, its place in the month and in the year", () => {
  assert.deepEqual(
    [usual.weekdays, usual.monthDay, usual.yearDay],
    [["TU"], { by: "day", day: 9 }, { month: 3, day: 9 }],
  );
  assert.deepEqual(
    ["2027-03-01", "2027-03-07", "2027-03-08", "2027-03-28", "2027-03-29", "2027-03-31"].map(ordinalOf),
    [1, 1, 2, 4, -1, -1],
  );
  assert.deepEqual(choicesFor("2027-03-14").weekdays, ["SU"]);
});
