import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { LineStore } from "../../src/ports.ts";
import { createEventLog } from "../../src/adapters/event-log/read.ts";
import { restoreMonth } from "../../src/services/audit/archive/restore.ts";
import { runRetention } from "../../src/services/audit/archive/retention.ts";
import { reconcile, repair } from "../../src/services/audit/reconcile.ts";
import { listMonths } from "../../src/services/audit/partitions.ts";
import { verifyArchives } from "../../src/services/audit/verify/verify-archives.ts";
import { taskEventOf, triggeredEventOf, writeToOutbox } from "../outbox/events.ts";
import { silent } from "../outbox/migrated-database.ts";
import { createHistory, type History, nothing } from "./history.ts";

let history: History;
const users = [uuidv7(), uuidv7()];
const now = Date.parse("2026-06-15T00:00:00.000Z");

/** Of each user thirty rows: two a day around the end of January 2024, then in April 2024 and in June 2026. */
const dates = Array.from({ length: 30 }, (_, index) =>
  index < 20
    ? new Date(Date.UTC(2024, 0, 27) + index * 43_200_000).toISOString()
    : index < 25
      ? `2024-04-0${index - 19}T00:00:00.000Z`
      : `2026-06-0${index - 24}T00:00:00.000Z`,
);

beforeEach(async () => {
  history = await createHistory();
  // A clock that is a little behind: two neighbours in the sequence lie on either side of the month's end the other way
  // round.
  const skewed = dates.map((date, index) =>
    index === 9 ? "2024-02-01T00:00:00.000Z" : index === 10 ? "2024-01-31T23:59:59.999Z" : date,
  );
  await history.record(
    users.flatMap((userId) =>
      skewed.map((timestamp, index) => ({
        ...taskEventOf({ userId, version: index + 1 }),
        sequence: index + 1,
        timestamp,
      })),
    ),
  );
});
afterEach(() => history.drop());

const retain = (input: { months?: number; store?: LineStore; at?: number } = {}): Promise<void> => {
  const { months = 24, store = history.store, at = now } = input;
  return runRetention({ ...history, store, clock: { now: () => at }, log: silent, metrics: nothing, months });
};
const assertWhole = async (): Promise<void> => {
  assert.deepEqual((await history.verify()).breaks, []);
  assert.deepEqual((await verifyArchives(history)).breaks, []);
};
const rows = async (): Promise<number> =>
  Number((await history.query<{ count: string }>("SELECT count(*) FROM task_events"))[0]?.count);

describe("retention", () => {
  it("moves the months that are wholly older to archives, and the chain goes on across them", async () => {
    await retain();
    assert.deepEqual(await listMonths(history.database), ["2026-06"]);
    assert.equal(await rows(), 10);
    assert.deepEqual(
      (await readdir(history.folder)).toSorted(),
      ["2024-01", "2024-02", "2024-04"].flatMap((month) => [
        `task-events-${month}.1.manifest.json`,
        `task-events-${month}.1.ndjson.gz`,
      ]),
    );
    assert.equal((await verifyArchives(history)).rows, 50);
    await assertWhole();
    await retain();
    await assertWhole();
  });

  it("keeps everything when it is told to, and a month as long as a part of it is young enough", async () => {
    await retain({ months: 0 });
    await retain({ months: 28 });
    assert.deepEqual(await listMonths(history.database), ["2024-02", "2024-04", "2026-06"]);
    assert.equal((await verifyArchives(history)).archives, 1);
  });

  it("goes on chaining what comes after an archived month", async () => {
    await retain({ at: Date.parse("2030-01-01T00:00:00.000Z") });
    assert.deepEqual(await listMonths(history.database), []);
    await history.record(
      users.map((userId) => ({ ...taskEventOf({ userId }), sequence: 31, timestamp: "2024-01-30T12:00:00.000Z" })),
    );
    await assertWhole();
    await retain();
    assert.equal(
      (await history.query("SELECT FROM audit_archives WHERE month = '2024-01-01'")).length,
      2,
      "a second archive of the month",
    );
    await assertWhole();
  });

  it("takes an event it has archived for the duplicate that it is", async () => {
    await retain();
    await history.record(
      users.map((userId) => ({ ...taskEventOf({ userId }), sequence: 3, timestamp: dates[2] ?? "" })),
    );
    assert.equal(await rows(), 10);
    assert.deepEqual(await history.query("SELECT FROM audit_waiting"), []);
  });

  for (const damage of ["changed", "cut short", "gone", "without its manifest"] as const)
    it(`notices an archive that is ${damage}`, async () => {
      await retain();
      const file = join(history.folder, "task-events-2024-04.1.ndjson.gz");
      const bytes = await readFile(file);
      if (damage === "changed")
        await writeFile(
          file,
          Buffer.concat([bytes.subarray(0, -9), Buffer.from([(bytes.at(-9) ?? 0) ^ 1]), bytes.subarray(-8)]),
        );
      if (damage === "cut short") await writeFile(file, bytes.subarray(0, bytes.length >> 1));
      if (damage === "gone") await rm(file);
      if (damage === "without its manifest") await rm(file.replace("ndjson.gz", "manifest.json"));
      const { breaks } = await verifyArchives(history);
      assert.deepEqual(
        breaks.map(({ archive }) => archive),
        ["task-events-2024-04.1"],
      );
      await assert.rejects(restoreMonth(history, "2024-04", new Date(now)), /cannot be trusted/);
    });

  it("brings a month back as it was, keeps it as asked, and archives it anew", async () => {
    const before = await history.query("SELECT * FROM task_events ORDER BY user_id, sequence");
    await retain();
    for (const month of ["2024-01", "2024-02", "2024-04"])
      await restoreMonth(history, month, new Date(now + 86_400_000));
    assert.deepEqual(await history.query("SELECT * FROM task_events ORDER BY user_id, sequence"), before);
    await assertWhole();
    await assert.rejects(history.query("UPDATE task_events_2024_01 SET correlation_id = 'x'"), { code: "42501" });
    await retain();
    assert.equal(await rows(), 60);
    await retain({ at: now + 2 * 86_400_000 });
    assert.equal(await rows(), 10);
    assert.equal((await verifyArchives(history)).archives, 3);
    await assertWhole();
  });
});

describe("retention on a disk that fails", () => {
  const failing = (part: Partial<LineStore>): LineStore => ({ ...history.store, ...part });

  it("keeps the month when what it reads back is not what it wrote", async () => {
    const store = failing({
      async *read(name) {
        let first = true;
        for await (const line of history.store.read(name)) {
          yield first ? line.replace("version", "vursion") : line;
          first = false;
        }
      },
    });
    await assert.rejects(retain({ store }), /differs from the table/);
    assert.equal(await rows(), 60);
    await retain();
    await assertWhole();
  });

  it("keeps the month when it has got a row since it was compared", async () => {
    let late: Promise<void> | undefined;
    const store = failing({
      async *read(name) {
        yield* history.store.read(name);
        late ??= history.record(
          users.map((userId) => ({ ...taskEventOf({ userId }), sequence: 31, timestamp: "2024-01-31T12:00:00.000Z" })),
        );
        await late;
      },
    });
    await assert.rejects(retain({ store }), /new rows|differs/);
    assert.equal(await rows(), 62);
    await retain();
    await assertWhole();
    assert.equal(await rows(), 10);
  });
});

describe("reconciliation", () => {
  it("finds what is missing, extra or different, and mends what is missing", async () => {
    const user = uuidv7();
    const events = Array.from({ length: 6 }, (_, index) => taskEventOf({ userId: user, version: index + 1 }));
    await history.query("INSERT INTO users (id, email, password_hash) VALUES ($1::uuid, $1::text, '')", [user]);
    await writeToOutbox(history.database, events);
    assert.deepEqual(
      (await reconcile(history.database)).differences.filter(({ user_id }) => user_id === user),
      [],
      "what is in the outbox is on its way",
    );
    await history.query("DELETE FROM outbox");
    const of = async () =>
      (await reconcile(history.database)).differences
        .filter(({ user_id }) => user_id === user)
        .map(({ sequence, kind }) => `${sequence} ${kind}`);
    assert.deepEqual(
      await of(),
      [1, 2, 3, 4, 5, 6].map((sequence) => `${sequence} missing`),
    );
    await repair(
      { eventLog: createEventLog(history.database), recorder: history.recorder },
      (await reconcile(history.database)).differences,
    );
    assert.deepEqual(await of(), []);
    await history.asSuperuser(
      `UPDATE task_events SET actor_id = 'x' WHERE user_id = '${user}' AND sequence = 2`,
      `UPDATE task_events SET task_title = 'x' WHERE user_id = '${user}' AND sequence = 3`,
    );
    await history.asSuperuser(
      `DELETE FROM events WHERE user_id = '${user}' AND sequence IN (1, 5)`,
      `DELETE FROM task_events WHERE user_id = '${user}' AND sequence = 4`,
    );
    assert.deepEqual(await of(), ["2 different", "3 different", "4 missing", "5 extra"]);
  });

  it("counts a reminder that was given like any event: it took a sequence", async () => {
    const user = uuidv7();
    await history.query("INSERT INTO users (id, email, password_hash) VALUES ($1::uuid, $1::text, '')", [user]);
    const before = (await reconcile(history.database)).events;
    const [created, given, changed] = [
      taskEventOf({ userId: user, type: "task.created" }),
      triggeredEventOf({ userId: user }),
      taskEventOf({ userId: user, version: 2 }),
    ];
    await writeToOutbox(history.database, [created, given, changed], "reminder-service");
    await history.query("DELETE FROM outbox");
    await history.record([created, changed]);
    const of = async () =>
      (await reconcile(history.database)).differences
        .filter(({ user_id }) => user_id === user)
        .map(({ sequence, kind }) => `${sequence} ${kind}`);
    assert.deepEqual(await of(), ["2 missing"]);
    await history.record([given]);
    assert.deepEqual(
      [(await reconcile(history.database)).events - before, await of(), (await history.verify(user)).breaks],
      [3, [], []],
    );
    const [row] = await history.query<{ event_type: string }>(
      "SELECT event_type FROM task_events WHERE user_id = $1 AND sequence = 2",
      [user],
    );
    assert.equal(row?.event_type, "task.reminder.triggered");
  });

  it("says nothing against what an archive holds", async () => {
    const events = users.flatMap((userId) =>
      dates.map((timestamp, index) => ({ ...taskEventOf({ userId }), sequence: index + 1, timestamp })),
    );
    await writeToOutbox(history.database, events);
    await history.query("DELETE FROM outbox");
    await retain();
    const missing = (await reconcile(history.database)).differences.filter(({ kind }) => kind === "missing");
    assert.deepEqual(missing, []);
  });
});
