import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { reconcile } from "../../src/services/audit/reconcile.ts";
import { runRetention } from "../../src/services/audit/archive/retention.ts";
import { restoreMonth } from "../../src/services/audit/archive/restore.ts";
import { verifyArchives } from "../../src/services/audit/verify/verify-archives.ts";
import { until } from "../harness/until.ts";
import { taskEventOf, writeToOutbox } from "../outbox/events.ts";
import { silent } from "../outbox/migrated-database.ts";
import { createHistory, type History, nothing } from "./history.ts";

const victim = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [new URL("kill/victim.ts", import.meta.url).pathname, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });

const ended = async (child: ChildProcess): Promise<string | number | null> => {
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal ?? code;
};

describe("kill -9 while batches are written", () => {
  let history: History;
  before(async () => {
    history = await createHistory();
  });
  after(() => history.drop());

  it("loses nothing and doubles nothing", async (t) => {
    const users = Array.from({ length: 20 }, () => uuidv7());
    for (const user of users) {
      await history.query("INSERT INTO users (id, email, password_hash) VALUES ($1::uuid, $1::text, '')", [user]);
      await writeToOutbox(
        history.database,
        Array.from({ length: 500 }, (_, index) => taskEventOf({ userId: user, version: index + 1 })),
      );
    }
    await history.query("DELETE FROM outbox");
    let kills = 0;
    for (let round = 0; round < 6; round += 1) {
      const child = victim("record", history.url, ...users);
      const end = ended(child);
      if (child.stdout !== null) await once(child.stdout, "data");
      await delay(randomInt(5, 120));
      child.kill("SIGKILL");
      if ((await end) === "SIGKILL") kills += 1;
      assert.deepEqual((await history.verify()).breaks, [], `after kill ${kills}`);
    }
    t.diagnostic(`${kills} kills`);
    assert.equal(await ended(victim("record", history.url, ...users)), 0);
    await history.catchUp().chainWaiting();
    assert.deepEqual(await reconcile(history.database), { events: 10_000, underway: 0, differences: [] });
    assert.deepEqual((await history.verify()).breaks, []);
  });
});

describe("kill -9 while a month is archived", () => {
  const now = Date.parse("2026-06-15T00:00:00.000Z");
  const steps = [
    "before the archive",
    "within the archive",
    "after the archive",
    "before the manifest",
    "within the manifest",
    "after the manifest",
    "within the comparison",
    "before the drop",
    "before the commit",
    "before the old archive is removed",
    "after the drop",
  ];
  let history: History;
  let all: object[];
  const retain = (): Promise<void> =>
    runRetention({ ...history, clock: { now: () => now }, log: silent, metrics: nothing, months: 24 });
  const live = (): Promise<object[]> => history.query("SELECT * FROM task_events ORDER BY user_id, sequence");
  const assertWhole = async (): Promise<void> => {
    assert.deepEqual((await history.verify()).breaks, []);
    assert.deepEqual((await verifyArchives(history)).breaks, []);
  };
  const archived = async (): Promise<boolean> =>
    (await history.query("SELECT FROM audit_archives WHERE restored_until IS NULL")).length > 0;

  before(async () => {
    history = await createHistory();
    const users = [uuidv7(), uuidv7()];
    await history.record(
      users.flatMap((userId) =>
        Array.from({ length: 50 }, (_, index) => ({
          ...taskEventOf({ userId }),
          sequence: index + 1,
          timestamp: new Date(Date.UTC(2024, 0, 2, index)).toISOString(),
        })),
      ),
    );
    all = await live();
  });
  after(() => history.drop());

  for (const step of steps)
    it(`${step}: what is there is whole, and the next run ends it`, async () => {
      await victimDies(step);
      await assertWhole();
      if (!(await archived())) assert.deepEqual(await live(), all, "the month is still in the table");
      await retain();
      assert.ok(await archived());
      assert.deepEqual(await live(), []);
      await assertWhole();
      // Restored and over its time: each step is taken with an earlier archive there too.
      await restoreMonth(history, "2024-01", new Date(now - 1));
      assert.deepEqual(await live(), all);
    });

  const victimDies = async (step: string): Promise<void> => {
    assert.equal(await ended(victim("retain", history.url, history.folder, step)), "SIGKILL");
    // The database learns of its end a little later, and until then another run has to leave the month alone.
    await until(
      "its connections to end",
      async () =>
        (
          await history.query(
            "SELECT FROM pg_stat_activity WHERE application_name = 'victim' AND datname = current_database()",
          )
        ).length === 0,
    );
  };
});
