import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const log = new URL("../../src/main/log.ts", import.meta.url).href;

/** What a process that is not on a terminal logs. */
function logged(statement: string): Record<string, unknown> {
  const program = `import { createLog } from ${JSON.stringify(log)}; const log = createLog("info"); ${statement}`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  return JSON.parse(stdout) as Record<string, unknown>;
}

test("a line is JSON with its time and its fields", () => {
  const { level, time, msg, port } = logged('log.info({ port: 8000 }, "listening")');
  assert.deepEqual({ level, msg, port }, { level: 30, msg: "listening", port: 8000 });
  assert.ok(Number.isFinite(Date.parse(String(time))));
});

test("an error is logged without what hangs on it", () => {
  const { err } = logged(
    'log.warn({ err: Object.assign(new TypeError("lost"), { code: "57P01", row: "buy a ring for Ada" }) }, "database")',
  ) as { err: object };
  assert.deepEqual(Object.keys(err).toSorted(), ["code", "message", "stack", "type"]);
  assert.doesNotMatch(JSON.stringify(err), /ring for Ada/);
});
