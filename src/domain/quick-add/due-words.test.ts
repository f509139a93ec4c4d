import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDueWords } from "./due-words.ts";
import { english } from "./english.ts";
import type { QuickAddContext } from "./quick-add.ts";

/** A Monday. */
const context: QuickAddContext = {
  now: { year: 2026, month: 11, day: 30, hour: 12, minute: 0, second: 0, ms: 0 },
  weekStart: 0,
  isDayFirst: true,
  allDayHour: 9,
  language: english,
};

describe("the words of a due date", () => {
  for (const [words, due_date] of [
    ["tomorrow", "2026-12-01"],
    ["next fri 3pm", "2026-12-11T15:00"],
    ["friday", "2026-12-04"],
    ["15/1", "2027-01-15"],
    ["15 jan 2028", "2028-01-15"],
    ["2026-12-24", "2026-12-24"],
    ["9am", "2026-12-01T09:00"],
    ["in 3 days", "2026-12-03"],
    [" end of month ", "2026-11-30"],
  ] as const)
    it(`are “${words}”`, () => assert.deepEqual(parseDueWords(words, context), { due_date }));

  for (const words of ["", "soon", "tomorrow maybe", "every friday", "tomorrow !high", "remind 1 day before", "5"])
    it(`are not “${words}”`, () => assert.equal(parseDueWords(words, context), null));

  it("say why they cannot be", () => {
    const answer = parseDueWords("31 feb", context);
    assert.ok(answer !== null && "reason" in answer && answer.reason !== "");
  });
});
