import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { TaskEvent } from "../../src/contract/event.ts";
import { entryOf } from "../../src/services/audit/entry.ts";
import { taskEventOf, writeToOutbox } from "../outbox/events.ts";
import { createHistory, type History, recorderOn } from "./history.ts";

let history: History;
before(async () => {
  history = await createHistory();
});
after(() => history.drop());

const eventsOf = (userId: string, count: number): TaskEvent[] =>
  Array.from({ length: count }, (_, index) => taskEventOf({ userId, version: index + 1 }));
const rowsOf = async (userId: string): Promise<number[]> =>
  (
    await history.query<{ sequence: string }>("SELECT sequence FROM task_events WHERE user_id = $1 ORDER BY sequence", [
      userId,
    ])
  ).map(({ sequence }) => Number(sequence));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const waitingOf = async (userId: string): Promise<number> =>
  (await history.query("SELECT FROM audit_waiting WHERE user_id = $1", [userId])).length;

describe("the chain of a user", () => {
  it("takes events of many users in one batch", async () => {
    const users = [uuidv7(), uuidv7(), uuidv7()];
    await history.record(users.flatMap((user) => eventsOf(user, 5)));
    for (const user of users) assert.deepEqual(await rowsOf(user), upTo(5));
    assert.deepEqual((await history.verify()).breaks, []);
  });

  it("is by sequence, whatever order events come in; what is beyond a gap waits", async () => {
    const user = uuidv7();
    const events = eventsOf(user, 6);
    await history.record([events[5], events[3], events[1]].filter((event) => event !== undefined));
    assert.deepEqual(await rowsOf(user), []);
    assert.equal(await waitingOf(user), 3);
    await history.record(events.slice(0, 1));
    assert.deepEqual(await rowsOf(user), [1, 2]);
    await history.record([events[4], events[2]].filter((event) => event !== undefined));
    assert.deepEqual(await rowsOf(user), upTo(6));
    assert.equal(await waitingOf(user), 0);
    assert.deepEqual((await history.verify(user)).breaks, []);
  });

  it("writes a duplicate once: in one batch, in a later one, by another process", async () => {
    const user = uuidv7();
    const events = eventsOf(user, 3);
    await history.record([...events, ...events]);
    await history.record(events);
    await recorderOn(history.connect("another")).record(events.map(entryOf));
    await history.record([events[2], events[0]].filter((event) => event !== undefined));
    assert.deepEqual(await rowsOf(user), upTo(3));
    assert.equal(await waitingOf(user), 0);
  });

  it("is one chain when processes write it at the same time", async () => {
    const users = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
    const events = users.flatMap((user) => eventsOf(user, 40));
    const recorders = ["one", "two", "three"].map((name) => recorderOn(history.connect(name)));
    const shuffled = events.toSorted((one, other) => (one.event_id.slice(-8) < other.event_id.slice(-8) ? -1 : 1));
    const batches = Array.from({ length: 32 }, (_, index) => shuffled.slice(index * 5, index * 5 + 5));
    await Promise.all(
      recorders.flatMap((recorder, which) =>
        batches.filter((_, index) => index % 3 === which).map((batch) => recorder.record(batch.map(entryOf))),
      ),
    );
    await history.catchUp().chainWaiting();
    for (const user of users) assert.deepEqual(await rowsOf(user), upTo(40));
    assert.deepEqual((await history.verify()).breaks, []);
  });

  it("takes from the event log what the bus never brought", async () => {
    const user = uuidv7();
    const events = eventsOf(user, 8);
    await writeToOutbox(history.database, events);
    await history.query("DELETE FROM outbox WHERE user_id = $1", [user]);
    await history.record(events.slice(5));
    await history.query("UPDATE audit_waiting SET arrived_at = now() - interval '1 minute' WHERE user_id = $1", [user]);
    await history.catchUp().chainWaiting();
    assert.deepEqual(await rowsOf(user), upTo(8));
  });

  it("finds users whose events came before there was a history", async () => {
    const user = uuidv7();
    await history.query("INSERT INTO users (id, email, password_hash) VALUES ($1::uuid, $1::text, '')", [user]);
    await history.query("INSERT INTO event_heads (user_id, sequence) VALUES ($1, 4)", [user]);
    await writeToOutbox(history.database, eventsOf(user, 4));
    await history.query("DELETE FROM outbox WHERE user_id = $1", [user]);
    await history.query("UPDATE events SET created_at = now() - interval '1 hour' WHERE user_id = $1", [user]);
    await history.catchUp().compareHeads();
    assert.deepEqual(await rowsOf(user), upTo(4));
  });

  it("holds an event of a month long ago in that month's partition", async () => {
    const user = uuidv7();
    const [first, second] = eventsOf(user, 2);
    assert.ok(first && second);
    await history.record([
      { ...first, timestamp: "2019-12-31T23:59:59.999Z" },
      { ...second, timestamp: "2020-01-01T00:00:00.000Z" },
    ]);
    assert.equal((await history.query("SELECT FROM task_events_2019_12 WHERE user_id = $1", [user])).length, 1);
    assert.equal((await history.query("SELECT FROM task_events_2020_01 WHERE user_id = $1", [user])).length, 1);
    assert.deepEqual((await history.verify(user)).breaks, []);
  });
});
