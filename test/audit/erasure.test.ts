import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { v7 as uuidv7 } from "uuid";
import { restoreMonth } from "../../src/services/audit/archive/restore.ts";
import { runRetention } from "../../src/services/audit/archive/retention.ts";
import { createHeadSigner } from "../../src/services/audit/chain.ts";
import { runErasures } from "../../src/services/audit/erasure.ts";
import { reconcile } from "../../src/services/audit/reconcile.ts";
import { verifyArchives } from "../../src/services/audit/verify/verify-archives.ts";
import { taskEventOf, writeToOutbox } from "../outbox/events.ts";
import { silent } from "../outbox/migrated-database.ts";
import { createHistory, type History, key, nothing } from "./history.ts";

let history: History;
const [gone, kept] = [uuidv7(), uuidv7()];
const now = Date.parse("2026-06-15T00:00:00.000Z");
/** Six rows of each user in January 2024, four in June 2026. */
const dates = Array.from({ length: 10 }, (_, index) =>
  index < 6 ? `2024-01-0${index + 1}T00:00:00.000Z` : `2026-06-0${index - 5}T00:00:00.000Z`,
);

beforeEach(async () => {
  history = await createHistory();
  const events = [gone, kept].flatMap((userId) =>
    dates.map((timestamp, index) => ({
      ...taskEventOf({ userId, version: index + 1 }),
      sequence: index + 1,
      timestamp,
    })),
  );
  await history.record(events);
});
afterEach(() => history.drop());

const retain = (): Promise<void> =>
  runRetention({ ...history, clock: { now: () => now }, log: silent, metrics: nothing, months: 24 });
const request = (userId: string, lastSequence = 10): Promise<object[]> =>
  history.query("INSERT INTO account_erasures VALUES ($1::uuid, now(), 'person', $1::text, 'request-1', $2)", [
    userId,
    lastSequence,
  ]);
const erase = (secret = key): Promise<void> =>
  runErasures({
    database: history.database,
    signer: createHeadSigner(secret),
    clock: { now: () => now },
    log: silent,
    metrics: nothing,
  });
const wordsOf = async (userId: string): Promise<number> =>
  (
    await history.query("SELECT FROM task_events WHERE user_id = $1 AND num_nonnulls(task_title, changes, salt) > 0", [
      userId,
    ])
  ).length;
const archived = async (): Promise<string> =>
  (await promisify(gunzip)(await readFile(join(history.folder, "task-events-2024-01.1.ndjson.gz")))).toString();
const refused = { code: "42501" };

describe("the erasure of an account", () => {
  it("takes the words and leaves the chain, which verify proves and counts", async () => {
    await history.exportHeads();
    await request(gone);
    await erase();
    assert.deepEqual([await wordsOf(gone), await wordsOf(kept)], [0, 10]);
    const { breaks, rows, erased } = await history.verify();
    assert.deepEqual({ breaks, rows, erased }, { breaks: [], rows: 20, erased: 10 });
    assert.equal((await history.verify(kept)).erased, 0);
  });

  it("is recorded: who asked for it, when it was done, how many rows", async () => {
    await request(gone);
    await erase();
    await erase();
    const [record] = await history.query<{ actor_id: string; erased_at: Date; rows: string }>(
      "SELECT * FROM account_erasures JOIN audit_erasures USING (user_id)",
    );
    assert.deepEqual([record?.actor_id, record?.erased_at.getTime(), Number(record?.rows)], [gone, now, 10]);
    for (const table of ["account_erasures", "audit_erasures"])
      for (const statement of [
        `UPDATE ${table} SET user_id = gen_random_uuid()`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
      ])
        await assert.rejects(history.query(statement), refused);
  });

  it("waits until every event of the account is in the chain", async () => {
    await request(gone, 11);
    await erase();
    assert.equal(await wordsOf(gone), 10);
    await history.record([{ ...taskEventOf({ userId: gone }), sequence: 11 }]);
    await erase();
    assert.equal(await wordsOf(gone), 0);
  });

  it("takes from the event log what the bus did not bring, though the account has no head any more", async () => {
    const late = { ...taskEventOf({ userId: gone, version: 11 }), sequence: 11 };
    await writeToOutbox(history.database, [late]);
    await history.query("DELETE FROM outbox");
    await history.query("UPDATE events SET created_at = now() - interval '1 hour'");
    await request(gone, 11);
    await history.catchUp().compareHeads();
    await erase();
    assert.deepEqual([(await history.verify(gone)).erased, (await history.verify(gone)).breaks], [11, []]);
    assert.deepEqual(
      (await reconcile(history.database)).differences.filter(
        ({ user_id, sequence }) => user_id === gone && sequence === 11,
      ),
      [],
    );
  });
});

describe("words in archives", () => {
  it("are in no file as they are, and come back as they were while their key is there", async () => {
    const before = await history.query("SELECT * FROM task_events ORDER BY user_id, sequence");
    await retain();
    assert.ok(!/version \d/.test(await archived()), "the titles are not to be read");
    const { breaks, erased } = await verifyArchives(history);
    assert.deepEqual({ breaks, erased }, { breaks: [], erased: 0 });
    await restoreMonth(history, "2024-01", new Date(now));
    assert.deepEqual(await history.query("SELECT * FROM task_events ORDER BY user_id, sequence"), before);
  });

  it("are erased with their key, in every copy of the file; the chain goes on across them", async () => {
    await retain();
    const before = await archived();
    await request(gone);
    await erase();
    assert.equal(await archived(), before, "the file is not touched");
    assert.deepEqual(
      (await history.query<{ user_id: string }>("SELECT user_id FROM audit_content_keys")).map(
        ({ user_id }) => user_id,
      ),
      [kept],
    );
    const { breaks, erased } = await verifyArchives(history);
    assert.deepEqual({ breaks, erased }, { breaks: [], erased: 6 });
    assert.deepEqual((await history.verify()).breaks, []);
    await restoreMonth(history, "2024-01", new Date(now));
    assert.deepEqual([await wordsOf(gone), await wordsOf(kept)], [0, 10]);
    assert.deepEqual([(await history.verify()).breaks, (await history.verify()).erased], [[], 10]);
    await retain();
    assert.deepEqual((await verifyArchives(history)).breaks, []);
  });

  for (const step of ["write", "checksum", "read"] as const)
    it(`are erased when the account is while its month is being archived, at its ${step}`, async () => {
      await request(gone);
      let times = 0;
      const once = async (name: string): Promise<void> => {
        if (name.endsWith(".gz") && (times += 1) === 1) await erase();
      };
      const { store: real } = history;
      const store: History["store"] = {
        ...real,
        async write(name, lines) {
          const first = [];
          for await (const line of lines) first.push(line);
          if (step === "write") await once(name);
          return real.write(name, first);
        },
        async checksum(name) {
          if (step === "checksum") await once(name);
          return real.checksum(name);
        },
        async *read(name) {
          if (step === "read") await once(name);
          yield* real.read(name);
        },
      };
      // Refused when what was read back is not what the table says by then; done at the next run.
      await runRetention({
        ...history,
        store,
        clock: { now: () => now },
        log: silent,
        metrics: nothing,
        months: 24,
      }).catch((error: Error) => assert.match(error.message, /differs/));
      await retain();
      const { breaks, erased } = await verifyArchives(history);
      assert.deepEqual({ breaks, erased, times: Math.min(times, 1) }, { breaks: [], erased: 6, times: 1 });
      assert.deepEqual((await history.verify()).breaks, []);
    });

  it("that cannot be read though nobody erased them are a break", async () => {
    await retain();
    await history.asSuperuser(`DELETE FROM audit_content_keys WHERE user_id = '${gone}'`);
    assert.match((await verifyArchives(history)).breaks[0]?.reason ?? "", /cannot be read, and nobody erased them/);
  });
});

describe("what is no erasure", () => {
  it("is refused: of an account that nobody closed, of a part, of more than the words, by statement", async () => {
    await assert.rejects(history.query("SELECT erase_history($1)", [gone]), refused);
    await request(gone);
    const erased = "task_title = NULL, changes = NULL, salt = NULL";
    const digest = "content_digest = content_digest(salt, changes, task_title)";
    for (const change of [
      "task_title = 'x'",
      `${erased}, content_digest = sha256('x')`,
      `${erased}, ${digest}, correlation_id = 'x'`,
      `${erased}, ${digest}`,
    ]) {
      await assert.rejects(history.query(`UPDATE task_events SET ${change} WHERE user_id = $1`, [gone]), {
        ...refused,
        message: /permission denied/,
      });
    }
    await history.query("GRANT UPDATE ON task_events TO CURRENT_USER");
    for (const change of [
      "task_title = 'x'",
      "task_title = NULL",
      `${erased}, content_digest = sha256('x')`,
      `${erased}, ${digest}, correlation_id = 'x'`,
    ])
      await assert.rejects(
        history.query(`UPDATE task_events SET ${change} WHERE user_id = $1`, [gone]),
        refused,
        change,
      );
    await assert.rejects(history.query(`UPDATE task_events SET ${erased}, ${digest} WHERE user_id = $1`, [kept]), {
      ...refused,
      message: /the history cannot be changed/,
    });
    assert.deepEqual([await wordsOf(gone), await wordsOf(kept)], [10, 10]);
  });

  it("leaves no privilege behind", async () => {
    await request(gone);
    await erase();
    await assert.rejects(history.query("UPDATE task_events SET task_title = 'x'"), {
      ...refused,
      message: /permission denied/,
    });
    await assert.rejects(
      history.query(
        "UPDATE task_events SET task_title = NULL, changes = NULL, salt = NULL, content_digest = content_digest(salt, changes, task_title)",
      ),
      { ...refused, message: /permission denied/ },
    );
  });

  it("is a break when somebody did it all the same, and does not make a changed row good", async () => {
    await history.asSuperuser(
      `UPDATE task_events SET content_digest = content_digest(salt, changes, task_title), task_title = NULL, changes = NULL, salt = NULL WHERE user_id = '${kept}' AND sequence > 3`,
    );
    assert.deepEqual((await history.verify()).breaks, [
      { user_id: kept, sequence: 4, reason: "the words of this row are gone, and nobody erased them" },
    ]);
    await history.asSuperuser(`UPDATE task_events SET task_title = 'x' WHERE user_id = '${gone}' AND sequence = 5`);
    await request(gone);
    await erase();
    assert.deepEqual((await history.verify(gone)).breaks, [
      { user_id: gone, sequence: 5, reason: "this row is not as it was written" },
    ]);
  });

  it("is a break when its record is not signed with this installation's key", async () => {
    await request(gone);
    await erase("another key of thirty-two characters");
    assert.deepEqual((await history.verify(gone)).breaks, [
      { user_id: gone, sequence: 1, reason: "the words of this row are gone, and nobody erased them" },
    ]);
  });
});
