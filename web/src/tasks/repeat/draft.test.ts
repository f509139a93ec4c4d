import assert from "node:assert/strict";
import { test } from "node:test";
import type { Repeat } from "./actions.ts";
import { chosen, draftOf, isComplete, repeatOf } from "./draft.ts";
import { presetChoices, presetIds, presetOf } from "./presets.ts";
import { patternOf } from "./choices.ts";

/** A Tuesday, the second of its month. */
const day = "2027-03-09";
const repeat = (pattern: string, fields: Partial<Repeat> = {}): Repeat => ({
  pattern,
  basis: "schedule",
  endDate: null,
  ...fields,
});

test("presets are the usual rules of the task's date", () => {
  const patterns = presetIds.map((id) => patternOf(presetChoices(id, day)).replace("RRULE:FREQ=", ""));
  assert.deepEqual(patterns, [
    "DAILY",
    "WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "WEEKLY;BYDAY=TU",
    "MONTHLY;BYMONTHDAY=9",
    "MONTHLY;BYDAY=2TU",
    "MONTHLY;BYMONTHDAY=-1",
    "YEARLY;BYMONTH=3;BYMONTHDAY=9",
  ]);
  for (const id of presetIds) assert.equal(presetOf(presetChoices(id, day), day), id);
});

test("a task that does not repeat is offered every week", () => {
  const draft = draftOf(null, day);
  assert.equal(draft.kind, "weekly");
  assert.deepEqual(repeatOf(draft, day, null), repeat("RRULE:FREQ=WEEKLY;BYDAY=TU"));
});

test("what a task has is shown as preset, as choices of one's own, or kept as it is", () => {
  assert.equal(draftOf(repeat("RRULE:FREQ=DAILY"), day).kind, "daily");
  assert.equal(draftOf(repeat("RRULE:FREQ=WEEKLY;BYDAY=MO,WE"), day).kind, "custom");
  assert.equal(draftOf(repeat("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15"), day).kind, "kept");
});

for (const pattern of [
  "RRULE:FREQ=DAILY",
  "RRULE:FREQ=WEEKLY;BYDAY=MO,WE",
  "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15",
  "FREQ=HOURLY;COUNT=9",
]) {
  test(`opening and saving leaves ${pattern} as it is`, () => {
    const before = repeat(pattern, { basis: "completion", endDate: "2027-12-31" });
    assert.deepEqual(repeatOf(draftOf(before, day), day, before), before);
  });
}

test("custom begins with the preset that was chosen before it", () => {
  const draft = chosen(chosen(draftOf(null, day), "monthlyWeekday", day), "custom", day);
  assert.equal(repeatOf(draft, day, null)?.pattern, "RRULE:FREQ=MONTHLY;BYDAY=2TU");
});

test("not to repeat is nothing, and choosing again finds the rest as it was", () => {
  const draft = chosen({ ...draftOf(null, day), endDate: "2027-12-31" }, "none", day);
  assert.equal(repeatOf(draft, day, null), null);
  assert.equal(repeatOf(chosen(draft, "daily", day), day, null)?.endDate, "2027-12-31");
});

test("a number of times ends a rule, stays when nothing is changed, and can be taken away", () => {
  const before = repeat("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU;COUNT=10");
  const draft = draftOf(before, day);
  assert.deepEqual([draft.kind, draft.count], ["custom", 10]);
  assert.deepEqual(repeatOf(draft, day, before), before);
  assert.equal(repeatOf({ ...draft, count: 3 }, day, before)?.pattern, before.pattern.replace("10", "3"));
  assert.equal(repeatOf({ ...draft, count: null }, day, before)?.pattern, before.pattern.replace(";COUNT=10", ""));
  const kept = repeat("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=4");
  assert.deepEqual(repeatOf(draftOf(kept, day), day, kept), kept);
});

test("a week without a day is not complete, and only as long as it is shown", () => {
  const draft = chosen(draftOf(null, day), "custom", day);
  const empty = { ...draft, custom: { ...draft.custom, weekdays: [] } };
  assert.deepEqual([isComplete(draft), isComplete(empty)], [true, false]);
  assert.equal(isComplete({ ...empty, kind: "daily" }), true);
  assert.equal(isComplete({ ...empty, custom: { ...empty.custom, unit: "month" } }), true);
});
