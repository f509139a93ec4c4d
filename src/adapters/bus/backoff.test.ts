import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pauseAfter, wait } from "./backoff.ts";

const backoff = { firstMs: 100, longestMs: 5_000 };

void test("a pause doubles each time, up to the longest, less at most a quarter", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (attempt) => {
      const full = Math.min(5_000, 100 * 2 ** (attempt - 1));
      const pause = pauseAfter(attempt, backoff);
      assert.ok(pause > full * 0.75 - 1e-9 && pause <= full, `attempt ${attempt}: ${pause} of ${full}`);
    }),
  );
});

void test("pauses spread, so that what failed together is not tried again together", () => {
  assert.ok(new Set(Array.from({ length: 20 }, () => pauseAfter(3, backoff))).size > 1);
});

void test("a wait ends at once, with the reason, when it is aborted", async () => {
  const stopping = new AbortController();
  const waiting = wait(3_600_000, stopping.signal);
  stopping.abort(new Error("stopped"));
  await assert.rejects(
    waiting,
    (error: Error) => error.name === "AbortError" && (error.cause as Error).message === "stopped",
  );
});
