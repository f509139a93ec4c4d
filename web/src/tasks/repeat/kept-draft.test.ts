import assert from "node:assert/strict";
import { test } from "node:test";
import { choicesFor } from "./choices.ts";
import { draftOf, type Draft } from "./draft.ts";
import { readRepeatDraft, writeRepeatDraft, type RepeatDraft } from "./kept-draft.ts";

/** A Tuesday. */
const day = "2027-03-09";
const read = (kept: Parameters<typeof readRepeatDraft>[0], hasRule = true) => readRepeatDraft(kept, day, "MO", hasRule);
const draft = (fields: Partial<Draft>): RepeatDraft => ({ draft: { ...draftOf(null, day), ...fields }, scope: "all" });

test("what is kept of the repeat editor is what was in it", () => {
  const week = choicesFor(day);
  for (const each of [
    draft({}),
    draft({ kind: "none" }),
    draft({ kind: "kept", endDate: "2027-12-31" }),
    draft({ kind: "custom", custom: { ...week, every: 3, weekdays: ["MO", "FR"] }, basis: "completion" }),
    draft({ kind: "custom", custom: { ...week, weekdays: [] } }),
    draft({
      kind: "custom",
      custom: { ...week, unit: "month", monthDay: { by: "weekday", ordinal: -1, weekday: "SU" } },
    }),
    { ...draft({ kind: "daily", count: 12 }), scope: "following" as const },
  ])
    assert.deepEqual(read(writeRepeatDraft(each)), each);
});

test("what says nothing, or nothing any more, is no draft", () => {
  const kept = writeRepeatDraft(draft({ kind: "daily" }));
  assert.equal(read(undefined), null);
  for (const wrong of [
    { kind: "hourly" },
    { basis: "" },
    { scope: "some" },
    { end: "soon" },
    { count: "0" },
    { rule: "" },
  ])
    assert.equal(read({ ...kept, ...wrong }), null, JSON.stringify(wrong));
  assert.equal(read(writeRepeatDraft(draft({ kind: "kept" })), false), null, "the rule it keeps is gone");
});
