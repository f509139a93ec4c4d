import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCivil } from "../civil.ts";
import { parsePattern } from "./pattern.ts";
import { RecurrenceError } from "./recurrence-error.ts";
import { refuseUnusual } from "./usual-bounds.ts";

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).join(",");

const refusal = (pattern: string): { part: string; message: string } | undefined => {
  const anchor = parseCivil("2026-01-31T09:00");
  assert.ok(anchor);
  const parsed = parsePattern(pattern, anchor);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  try {
    refuseUnusual(parsed.rule);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof RecurrenceError && error.code === "unsupported");
    return error;
  }
};

describe("what a person means with a rule", () => {
  const usual = [
    "FREQ=DAILY;COUNT=3660",
    `FREQ=YEARLY;BYMONTH=${numbers(1, 12)};BYMONTHDAY=${numbers(1, 31)};COUNT=365`,
    "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
    `FREQ=DAILY;BYHOUR=${numbers(0, 23)};BYMINUTE=0,15,30,45`,
    "monthly:last",
  ];
  for (const pattern of usual) it(`may be ${pattern.slice(0, 60)}`, () => assert.equal(refusal(pattern), undefined));

  const excessive = {
    "FREQ=DAILY;COUNT=3661": ["COUNT=3661", /at most 3660/],
    [`FREQ=YEARLY;BYYEARDAY=${numbers(1, 63)}`]: ["BYYEARDAY", /63 values.*at most 62/],
    [`FREQ=DAILY;BYHOUR=${numbers(0, 23)};BYMINUTE=${numbers(0, 4)}`]: ["BYHOUR", /120 times a day.*at most 96/],
    [`FREQ=HOURLY;BYMINUTE=${numbers(0, 59)};BYSECOND=0,30`]: ["BYSECOND", /120 times/],
  } as const;
  for (const [pattern, [part, message]] of Object.entries(excessive))
    it(`is not ${pattern.slice(0, 60)}, and the bound is named`, () => {
      const refused = refusal(pattern);
      assert.equal(refused?.part, part);
      assert.match(refused?.message ?? "", message);
    });
});
