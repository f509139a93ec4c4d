import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../src/adapters/db/database.ts";
import { headsFile } from "../../src/services/audit/head-export.ts";
import { readLivePieces } from "../../src/services/audit/verify/live-pieces.ts";
import { verifyChains } from "../../src/services/audit/verify/verify-chains.ts";
import { linkOf } from "../../src/services/audit/chain.ts";
import { metadataOfRow, type StoredRow } from "../../src/services/audit/archive/archived-row.ts";
import { taskEventOf } from "../outbox/events.ts";
import { createHistory, type History } from "./history.ts";

let history: History;
before(async () => {
  history = await createHistory();
});
after(() => history.drop());

/** A user with ten rows whose head has been exported. */
const someUser = async (): Promise<string> => {
  const user = uuidv7();
  await history.record(Array.from({ length: 10 }, (_, index) => taskEventOf({ userId: user, version: index + 1 })));
  await history.exportHeads();
  assert.deepEqual((await history.verify(user)).breaks, []);
  return user;
};
const breakOf = async (user: string): Promise<{ sequence: number; reason: string } | undefined> => {
  const { breaks } = await history.verify(user);
  assert.ok(breaks.length < 2);
  return breaks[0] && { sequence: breaks[0].sequence, reason: breaks[0].reason };
};
const rows = async (user: string): Promise<StoredRow[]> => {
  const found = await history.query<Omit<StoredRow, "sequence"> & { sequence: string; occurred_at: Date }>(
    "SELECT * FROM task_events WHERE user_id = $1 ORDER BY sequence",
    [user],
  );
  return found.map((row) => ({ ...row, sequence: Number(row.sequence), timestamp: row.occurred_at.toISOString() }));
};

/** The row's hash and those after it, computed anew by someone who knows how. */
const rechain = async (user: string, from: number): Promise<void> => {
  const all = await rows(user);
  let previous = all[from - 2]?.hash ?? Buffer.alloc(32);
  for (const row of all.slice(from - 1)) {
    previous = linkOf(previous, metadataOfRow(row));
    await history.asSuperuser(
      `UPDATE task_events SET hash = '\\x${previous.toString("hex")}' WHERE user_id = '${user}' AND sequence = ${row.sequence}`,
    );
  }
  await history.asSuperuser(`UPDATE audit_heads SET hash = '\\x${previous.toString("hex")}' WHERE user_id = '${user}'`);
};

describe("a chain broken by a superuser", () => {
  for (const [column, value] of Object.entries({
    task_title: "'another'",
    changes: `'{"title":{"new":"x","old":null}}'`,
    actor_id: "'somebody'",
    actor_kind: "'system'",
    correlation_id: "'c'",
    task_version: "99",
    task_id: "gen_random_uuid()",
    event_id: "gen_random_uuid()",
    event_type: "'task.deleted'",
    occurred_at: "occurred_at + interval '1 ms'",
    salt: "'\\x00'",
    hash: "sha256('x')",
  }))
    it(`names the row whose ${column} was changed`, async () => {
      const user = await someUser();
      await history.asSuperuser(
        `UPDATE task_events SET ${column} = ${value} WHERE user_id = '${user}' AND sequence = 4`,
      );
      assert.deepEqual(await breakOf(user), { sequence: 4, reason: "this row is not as it was written" });
    });

  it("names the row after one whose hash was made anew", async () => {
    const user = await someUser();
    await history.asSuperuser(`UPDATE task_events SET task_title = 'x' WHERE user_id = '${user}' AND sequence = 10`);
    await rechain(user, 10);
    assert.equal((await breakOf(user))?.reason, "the head is not signed with this installation's key");
  });

  it("names the first of the removed rows", async () => {
    const user = await someUser();
    await history.asSuperuser(`DELETE FROM task_events WHERE user_id = '${user}' AND sequence = 4`);
    assert.deepEqual(await breakOf(user), { sequence: 4, reason: "this row is missing" });
    await history.asSuperuser(`DELETE FROM task_events WHERE user_id = '${user}' AND sequence < 7`);
    assert.deepEqual(await breakOf(user), { sequence: 1, reason: "the rows up to 6 are missing" });
  });

  it("names the first of the swapped rows", async () => {
    const user = await someUser();
    await history.asSuperuser(
      `UPDATE task_events SET sequence = -1 WHERE user_id = '${user}' AND sequence = 6`,
      `UPDATE task_events SET sequence = 6 WHERE user_id = '${user}' AND sequence = 3`,
      `UPDATE task_events SET sequence = 3 WHERE user_id = '${user}' AND sequence = -1`,
    );
    assert.deepEqual(await breakOf(user), { sequence: 3, reason: "this row is not as it was written" });
  });

  it("names the beginning of a removed tail, by the head", async () => {
    const user = await someUser();
    await history.asSuperuser(`DELETE FROM task_events WHERE user_id = '${user}' AND sequence > 8`);
    assert.deepEqual(await breakOf(user), { sequence: 9, reason: "the rows from here to the head, 10, are missing" });
  });

  it("names the beginning of a removed tail, by the exported head, when an older signed head was put in place", async () => {
    const user = uuidv7();
    const events = Array.from({ length: 10 }, (_, index) => taskEventOf({ userId: user, version: index + 1 }));
    await history.record(events.slice(0, 8));
    const [old] = await history.query<{ hash: Buffer; signature: Buffer }>(
      "SELECT hash, signature FROM audit_heads WHERE user_id = $1",
      [user],
    );
    await history.record(events.slice(8));
    await history.exportHeads();
    await history.asSuperuser(
      `DELETE FROM task_events WHERE user_id = '${user}' AND sequence > 8`,
      `UPDATE audit_heads SET sequence = 8, hash = '\\x${old?.hash.toString("hex")}', signature = '\\x${old?.signature.toString("hex")}' WHERE user_id = '${user}'`,
    );
    assert.deepEqual(await breakOf(user), {
      sequence: 9,
      reason: "the rows from here to an exported head, 10, are missing",
    });
    assert.equal(
      (await history.verify()).breaks.some(({ user_id }) => user_id === user),
      true,
    );
  });

  it("is noticed when it was written anew, head and all", async () => {
    const user = await someUser();
    await history.asSuperuser(`UPDATE task_events SET task_title = 'x' WHERE user_id = '${user}' AND sequence = 4`);
    await rechain(user, 4);
    const [head] = await history.query<{ hash: Buffer }>("SELECT hash FROM audit_heads WHERE user_id = $1", [user]);
    assert.ok(head);
    const forged = history.signer.sign(user, { sequence: 10, hash: head.hash });
    await history.asSuperuser(
      `UPDATE audit_heads SET signature = '\\x${forged.toString("hex")}' WHERE user_id = '${user}'`,
    );
    assert.deepEqual(
      await breakOf(user),
      { sequence: 10, reason: "the exported head has another hash" },
      "even by someone who has the key",
    );
  });

  it("is noticed when it is gone with its head, or has rows nobody wrote", async () => {
    const [gone, headless, longer] = [await someUser(), await someUser(), await someUser()];
    await history.asSuperuser(
      `DELETE FROM task_events WHERE user_id = '${gone}'`,
      `DELETE FROM audit_heads WHERE user_id IN ('${gone}', '${headless}')`,
    );
    await history.asSuperuser(
      `INSERT INTO task_events SELECT (r).* FROM (SELECT jsonb_populate_record(e, '{"sequence": 11, "event_id": "${uuidv7()}"}') AS r FROM task_events e WHERE user_id = '${longer}' AND sequence = 10) x`,
    );
    const found = new Map((await history.verify()).breaks.map(({ user_id, reason }) => [user_id, reason]));
    assert.match(found.get(gone) ?? "", /the whole chain is gone/);
    assert.match(found.get(headless) ?? "", /the whole chain is gone|no head/);
    assert.equal(found.get(longer), "there are rows beyond the head");
  });
});

describe("a chain that grows while it is verified", () => {
  it("is proven up to where it was, and is not called broken", async () => {
    const user = await someUser();
    let version = 10;
    const busy: Database = {
      ...history.database,
      async prepared(name, text, values) {
        if (name === "audit-pieces" || name === "audit-contradictions")
          await history.record([taskEventOf({ userId: user, version: (version += 1) })]);
        return history.database.prepared(name, text, values);
      },
    };
    for (const rowsAtOnce of [3, 20_000])
      assert.deepEqual((await verifyChains({ ...history, database: busy, rowsAtOnce }, user)).breaks, []);
    assert.ok(version > 12);
  });

  it("is broken where it was, all the same", async () => {
    const user = await someUser();
    await history.asSuperuser(`UPDATE task_events SET task_title = 'x' WHERE user_id = '${user}' AND sequence = 4`);
    await history.record([taskEventOf({ userId: user, version: 11 })]);
    assert.equal((await breakOf(user))?.sequence, 4);
  });
});

describe("the exported heads", () => {
  it("are written when they moved, and not twice", async () => {
    const user = await someUser();
    const lines = async (): Promise<number> => {
      let count = 0;
      for await (const line of history.store.read(headsFile)) if (line.includes(user)) count += 1;
      return count;
    };
    const before = await lines();
    assert.ok(before >= 1);
    await history.record([taskEventOf({ userId: user, version: 11 })]);
    await history.exportHeads();
    assert.ok((await lines()) > before);
  });
});

describe("the statement that verifies", () => {
  it("hashes the very text that was hashed, whatever people write", async () => {
    const texts = [
      '"quoted" \\ back',
      "tab\tline\nreturn\r\u0001\u001f\u007f\u2028\u2029",
      "😀 ünïcödé <>&'",
      "",
      "/slash/",
      "\ud83d\udc68\u200d\ud83d\udc69",
      "١٢٣ עברית",
    ];
    const user = uuidv7();
    const events = texts.map((text, index) => {
      const event = taskEventOf({ userId: user, version: index + 1 });
      return {
        ...event,
        correlation_id: text,
        actor_id: text,
        task: { ...event.task, title: text },
        changes: { [text]: { old: text, new: [text, 1e21, 0.1, null, true, { b: 1, a: text }] } },
      };
    });
    await history.record(events);
    assert.deepEqual((await history.verify(user)).breaks, []);
  });

  it("reads a long chain in slices as it reads it whole", async () => {
    const user = await someUser();
    const whole = (await readLivePieces(history.database, [{ userId: user, after: 0, through: 10 }])).get(user);
    assert.deepEqual(
      whole?.map(({ first, last }) => [first, last]),
      [[1, 10]],
    );
    const second = (await readLivePieces(history.database, [{ userId: user, after: 4, through: 10 }])).get(user);
    assert.deepEqual(
      second?.map(({ first, last }) => [first, last]),
      [[4, 10]],
    );
  });

  it("finds in slices what it finds in the whole: nothing, or the same first break, wherever the slices end", async () => {
    const inSlices = async (user: string, rowsAtOnce: number) =>
      (await verifyChains({ ...history, rowsAtOnce }, user)).breaks;
    const breaks: readonly (readonly [sequence: number, damage: string])[] = [
      [4, "UPDATE task_events SET task_title = 'x'"],
      [5, "UPDATE task_events SET task_title = 'x'"],
      [6, "UPDATE task_events SET hash = sha256('x')"],
      [5, "DELETE FROM task_events"],
      [10, "DELETE FROM task_events"],
      [1, "DELETE FROM task_events"],
    ];
    for (const [sequence, damage] of breaks) {
      const user = await someUser();
      for (const rowsAtOnce of [1, 2, 3, 5, 9, 10])
        assert.deepEqual(await inSlices(user, rowsAtOnce), [], `${rowsAtOnce} rows at once`);
      await history.asSuperuser(`${damage} WHERE user_id = '${user}' AND sequence = ${sequence}`);
      const whole = await inSlices(user, 20_000);
      assert.equal(whole.length, 1);
      for (const rowsAtOnce of [1, 2, 3, 5, 9, 10])
        assert.deepEqual(
          await inSlices(user, rowsAtOnce),
          whole,
          `${damage} at ${sequence}, ${rowsAtOnce} rows at once`,
        );
    }
  });
});
