import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { openStream, range, sequences } from "./event-stream.ts";
import { transports } from "./transports.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow({ env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1" } });
});
after(() => taskflow.stop());

const addTask = (user: TestUser, title: string) => user.api<WrittenTask>("POST", "/tasks", { title });

/** Writes to the log behind the server's back, as a write whose event the bus has lost. */
const commitWithoutBus = (userId: string) =>
  taskflow.query(
    `WITH head AS (UPDATE event_heads SET sequence = sequence + 1 WHERE user_id = $1 RETURNING sequence)
     INSERT INTO events SELECT e.user_id, head.sequence, gen_random_uuid(), e.event_type, e.task_id, e.task_version, e.created_at, e.data
     FROM head, events e WHERE e.user_id = $1 AND e.sequence = 1`,
    [userId],
  );

/**
 * Waits until the bus has brought everything to the streams that are open: what comes late would be news to those that
 * are not yet.
 */
const brought = (userId: string): Promise<void> =>
  until(
    "everything to be published",
    async () => (await taskflow.query("SELECT FROM outbox WHERE user_id = $1 LIMIT 1", [userId])).length === 0,
  );

for (const { name, open } of transports) {
  describe(name, () => {
    test("a stream without a cursor says where the head is, then sends what happens", async () => {
      const user = await taskflow.client.register();
      await addTask(user, "before");
      const stream = await open(taskflow.url, user);
      assert.equal(stream.status, 200);
      assert.deepEqual(await stream.received(1), [{ id: "1", event: "hello", data: '{"sequence":1}' }]);

      const { body: task } = await addTask(user, "Zeile\neins \u2028 ❤");
      const [, created] = await stream.received(2);
      assert.equal(created?.id, "2");
      assert.equal(created?.event, "task.created");
      const event = JSON.parse(created?.data ?? "") as TaskEvent;
      assert.equal(event.sequence, 2);
      assert.equal(event.task_id, task.id);
      assert.equal(event.task.title, "Zeile\neins \u2028 ❤");
      stream.cut();
    });

    test("every kind of change arrives under its own event type", async () => {
      const user = await taskflow.client.register();
      const stream = await open(taskflow.url, { token: user.token, since: 0 });
      const { body: task } = await addTask(user, "one");
      await user.api("PATCH", `/tasks/${task.id}`, { title: "two" });
      await user.api("POST", `/tasks/${task.id}/complete`);
      await user.api("DELETE", `/tasks/${task.id}`);
      const events = await stream.received(4);
      assert.deepEqual(
        events.map(({ event }) => event),
        ["task.created", "task.updated", "task.completed", "task.deleted"],
      );
      stream.cut();
    });

    test("a live event and the same event replayed are the same bytes", async () => {
      const user = await taskflow.client.register();
      const live = await open(taskflow.url, user);
      await live.received(1);
      await addTask(user, "same");
      const [, sent] = await live.received(2);
      const replayed = await open(taskflow.url, { token: user.token, since: 0 });
      assert.deepEqual((await replayed.received(1))[0], sent);
      live.cut();
      replayed.cut();
    });

    test("a reader that is cut off again and again during 200 concurrent writes has each event once and in order", async () => {
      const user = await taskflow.client.register();
      const writes = Promise.all(range(1, 200).map((number) => addTask(user, `task ${number}`)));
      const seen: number[] = [];
      for (let connection = 1; seen.length < 200; connection += 1) {
        const stream = await open(taskflow.url, { token: user.token, lastEventId: String(seen.at(-1) ?? 0) });
        assert.equal(stream.status, 200);
        await stream.received(Math.min(1 + (connection % 23), 200 - seen.length));
        stream.cut();
        seen.push(...sequences(stream.events));
      }
      assert.ok((await writes).every(({ status }) => status === 201));
      assert.deepEqual(seen, range(1, 200));
    });

    test("three streams of one user that are open during 200 concurrent writes all have each event once and in order", async () => {
      const user = await taskflow.client.register();
      const streams = await Promise.all([0, 0, 0].map((since) => open(taskflow.url, { token: user.token, since })));
      await Promise.all(range(1, 200).map((number) => addTask(user, `task ${number}`)));
      for (const stream of streams) {
        assert.deepEqual(sequences(await stream.received(200)), range(1, 200));
        stream.cut();
      }
    });

    test("what the bus has lost arrives all the same", async () => {
      const user = await taskflow.client.register();
      await addTask(user, "first");
      const stream = await open(taskflow.url, user);
      await stream.received(1);
      await commitWithoutBus(user.userId);
      assert.deepEqual(sequences(await stream.received(2)), [2]);
      await commitWithoutBus(user.userId);
      await addTask(user, "after the loss");
      assert.deepEqual(sequences(await stream.received(4)), [2, 3, 4]);
      stream.cut();
    });

    test("a cursor older than retention is told to load everything anew, once, and goes on", async () => {
      const user = await taskflow.client.register();
      for (const title of ["1", "2", "3", "4"]) await addTask(user, title);
      await taskflow.query("DELETE FROM events WHERE user_id = $1 AND sequence <= 2", [user.userId]);
      const stream = await open(taskflow.url, { token: user.token, since: 1 });
      assert.deepEqual(await stream.received(1), [{ id: "4", event: "resync", data: '{"sequence":4}' }]);
      await addTask(user, "5");
      assert.deepEqual(sequences(await stream.received(2)), [5]);
      stream.cut();

      const edge = await open(taskflow.url, { token: user.token, since: 2 });
      assert.deepEqual(sequences(await edge.received(3)), [3, 4, 5]);
      edge.cut();
    });

    test("a cursor ahead of the log, and a stream that is open when an older backup is restored, are told to load everything anew", async () => {
      const user = await taskflow.client.register();
      for (const title of ["1", "2", "3"]) await addTask(user, title);
      const stream = await open(taskflow.url, user);
      await stream.received(1);
      await brought(user.userId);
      await taskflow.query("DELETE FROM events WHERE user_id = $1 AND sequence > 1", [user.userId]);
      await taskflow.query("UPDATE event_heads SET sequence = 1 WHERE user_id = $1", [user.userId]);
      await stream.ended;
      const again = await open(taskflow.url, { token: user.token, lastEventId: "3" });
      assert.deepEqual(await again.received(1), [{ id: "1", event: "resync", data: '{"sequence":1}' }]);
      again.cut();
    });
  });
}

test("Last-Event-ID wins over since, as a browser that comes back sends both", async () => {
  const user = await taskflow.client.register();
  for (const title of ["1", "2", "3"]) await addTask(user, title);
  const stream = await openStream(taskflow.url, { token: user.token, since: 0, lastEventId: "2" });
  assert.deepEqual(sequences(await stream.received(1)), [3]);
  stream.cut();
});

test("a server-sent stream says what it is", async () => {
  const stream = await openStream(taskflow.url, await taskflow.client.register());
  assert.match(stream.headers["content-type"] ?? "", /^text\/event-stream/);
  stream.cut();
});
