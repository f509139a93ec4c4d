import { mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestContext } from "node:test";

/** A folder that goes when the test ends. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-start-"));
  test.after(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** The pid of the server that has the cluster of a data folder; throws while none has it. */
export function postmasterPid(dataDir: string): number {
  const pid = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
  // A signal to 0 would go to this process and all that it belongs to.
  if (!(pid > 0)) throw new Error(`${dataDir} names no server`);
  return pid;
}

/** Waits until something holds. The test's own timeout ends it when it never does. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20);
}
