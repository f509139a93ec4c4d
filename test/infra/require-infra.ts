import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { ensureInfra, type Infra } from "./install.ts";

/**
 * The real daprd, scheduler and Kafka for this test. Where they are missing and cannot be built, the test is skipped by
 * name, and fails when `CI=true`. Answers undefined when it was skipped.
 */
export async function requireInfra(t: TestContext): Promise<Infra | undefined> {
  const infra = await ensureInfra();
  if (!("missing" in infra)) return infra;
  if (process.env.CI === "true") throw new Error(`missing: ${infra.missing}`);
  t.skip(`missing: ${infra.missing}`);
  return undefined;
}

let folder: string | undefined;

/** A folder for the logs and data of this test process: removed when every test passed, else printed and kept. */
export function testFolder(): string {
  folder ??= keptOnFailure(mkdtempSync(join(tmpdir(), "taskflow-test-")));
  return folder;
}

/** By the exit code: within a test, its own failed subtests are not yet known. */
function keptOnFailure(path: string): string {
  process.on("exit", (code) => {
    if (code === 0) rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    else process.stderr.write(`logs and data of this run: ${path}\n`);
  });
  return path;
}
