import { describe, it } from "node:test";
import fc from "fast-check";
import { anyHistory, live } from "./history.ts";

/**
 * Random histories of one series, the same in every run; `TASKFLOW_TEST_HISTORIES` and `TASKFLOW_TEST_SEED` ask for more
 * and for others.
 */
const HISTORIES = Number(process.env.TASKFLOW_TEST_HISTORIES ?? 10_000);
const SEED = Number(process.env.TASKFLOW_TEST_SEED ?? 21);

describe("a series", () => {
  it(`keeps its rules through ${HISTORIES} random histories`, () => {
    fc.assert(fc.property(anyHistory, live), { numRuns: HISTORIES, seed: SEED });
  });
});
