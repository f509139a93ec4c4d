import assert from "node:assert/strict";
import { test } from "node:test";
import { firstViewScripts } from "./first-view.ts";

const BUDGET_KB = 150;

test("the first view needs at most 150 KB of JavaScript, compressed", async () => {
  const scripts = await firstViewScripts();
  assert.ok(scripts.length > 1, "the page names no scripts");
  const total = scripts.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) / 1_000;
  assert.ok(
    total <= BUDGET_KB,
    `${total.toFixed(1)} KB: ${scripts.map(({ file, gzipBytes }) => `${file} ${(gzipBytes / 1_000).toFixed(1)}`).join(", ")}`,
  );
});
