import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

const MIB = 1_048_576;

/** A file system of this size, which goes with the test; nothing where this user may not mount one. */
export function mountSmallDisk(t: TestContext, mebibytes: number): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-small-"));
  const options = `size=${mebibytes}m,mode=0755`;
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" }).status === 0;
  // Hooks run in the order they were given, and those of what is started on it come later: unmounted at the end.
  t.after(() => {
    spawnSync("umount", ["-l", folder], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  });
  if (mounted) return folder;
  const why = "this user may not mount a file system";
  assert.ok(!process.env["CI"], why);
  t.skip(why);
  return undefined;
}

/** Leaves no room on the disk; answers how to make room again. */
export function fillDisk(folder: string): () => void {
  const filler = join(folder, "filler");
  const file = openSync(filler, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(MIB));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
  } finally {
    closeSync(file);
  }
  return () => rmSync(filler);
}
