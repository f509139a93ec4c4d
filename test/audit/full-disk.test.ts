import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { createLineFolder } from "../../src/adapters/line-folder.ts";
import { runRetention } from "../../src/services/audit/archive/retention.ts";
import { verifyArchives } from "../../src/services/audit/verify/verify-archives.ts";
import { taskEventOf } from "../outbox/events.ts";
import { silent } from "../outbox/migrated-database.ts";
import { createHistory, nothing } from "./history.ts";

const mounted = (folder: string): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" }).status === 0;

test("a full disk stops an archive, loses nothing, and leaves nothing behind", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-small-"));
  // Hooks run in the order they were given: a mounted folder cannot be removed.
  t.after(() => {
    spawnSync("umount", [folder], { stdio: "ignore" });
    rmSync(folder, { recursive: true });
  });
  if (!mounted(folder)) {
    const why = "this user may not mount a file system";
    assert.ok(!process.env["CI"], why);
    return t.skip(why);
  }
  const history = await createHistory();
  t.after(() => history.drop());
  const user = uuidv7();
  // Ids and salts do not compress: some 100 bytes a row stay.
  await history.record(
    Array.from({ length: 2_000 }, (_, index) => ({
      ...taskEventOf({ userId: user }),
      sequence: index + 1,
      timestamp: "2020-01-02T00:00:00.000Z",
    })),
  );
  const retain = (store: typeof history.store): Promise<void> =>
    runRetention({ ...history, store, clock: { now: () => Date.now() }, log: silent, metrics: nothing, months: 24 });
  await assert.rejects(retain(createLineFolder(folder)), { code: "ENOSPC" });
  assert.deepEqual(await readdir(folder), []);
  assert.equal((await history.query("SELECT FROM task_events_2020_01")).length, 2_000);
  assert.deepEqual((await history.verify()).breaks, []);
  await retain(history.store);
  assert.deepEqual(await history.query("SELECT FROM task_events"), []);
  assert.deepEqual([(await history.verify()).breaks, (await verifyArchives(history)).breaks], [[], []]);
});
