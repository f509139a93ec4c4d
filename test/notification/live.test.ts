import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { CoalescedNotifications, Notification } from "../../src/contract/notification.ts";
import type { WrittenTask } from "../../src/contract/task.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { type EventStream, openStream } from "../stream/event-stream.ts";
import { transports } from "../stream/transports.ts";
import { logReminder, publish, remind } from "./reminders.ts";

/** A token of one replica is good at the other. */
const env = { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1", TASKFLOW_JWT_SECRET: randomBytes(32).toString("base64url") };

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow({ env });
});
after(() => taskflow.stop());

const told = ({ events }: EventStream): Notification[] =>
  events.filter(({ event }) => event === "notification").map(({ data }) => JSON.parse(data) as Notification);
const coalesced = ({ events }: EventStream): CoalescedNotifications[] =>
  events.filter(({ event }) => event === "coalesced").map(({ data }) => JSON.parse(data) as CoalescedNotifications);
const dataEvents = ({ events }: EventStream): number[] =>
  events.filter(({ event }) => event === "task.reminder.triggered").map(({ id }) => Number(id));

for (const { name, open } of transports) {
  describe(name, () => {
    test("a reminder is an event with its sequence and a notification without one, and only the event is replayed", async () => {
      const user = await taskflow.client.register();
      const stream = await open(taskflow.url, user);
      await stream.received(1);
      const event = await remind(taskflow.query, { userId: user.userId, title: "Call mum", critical: true });
      await until("both", () => dataEvents(stream).length === 1 && told(stream).length === 1);
      assert.deepEqual(dataEvents(stream), [event.sequence]);
      const [notification] = told(stream);
      assert.deepEqual(
        [notification?.title, notification?.type, notification?.event_id, notification?.critical],
        ["Call mum", "task.reminder.triggered", event.event_id, true],
      );
      assert.equal(stream.events.find((frame) => frame.event === "notification")?.id, undefined);

      const again = await open(taskflow.url, { token: user.token, since: 0 });
      await until("the event again", () => dataEvents(again).length === 1);
      assert.deepEqual(told(again), []);
      for (const each of [stream, again]) each.cut();
    });

    test("above ten a second the rest is a number that says from when on, and every event comes all the same", async () => {
      const user = await taskflow.client.register();
      const stream = await open(taskflow.url, user);
      await stream.received(1);
      const events = [];
      for (let index = 0; index < 60; index += 1)
        events.push(await logReminder(taskflow.query, { userId: user.userId, title: `${index}` }));
      await taskflow.query(
        "INSERT INTO outbox (producer, user_id, sequence) SELECT 'chat-api', $1, unnest($2::bigint[])",
        [user.userId, events.map(({ sequence }) => sequence)],
      );
      const total = (): number => told(stream).length + coalesced(stream).reduce((sum, { count }) => sum + count, 0);
      await until("all to be told", () => total() === 60);
      await until("all events", () => dataEvents(stream).length === 60);
      assert.deepEqual(
        dataEvents(stream),
        events.map(({ sequence }) => sequence),
      );
      assert.ok(coalesced(stream).length > 0);
      const { body } = await user.api<{ notifications: Notification[] }>("GET", "/notifications?limit=100");
      const since = coalesced(stream)[0]?.since ?? "";
      const alone = new Set(told(stream).map(({ id }) => id));
      for (const { id, created_at } of body.notifications)
        if (!alone.has(id)) assert.ok(created_at >= since, `${created_at} is before ${since}`);
      stream.cut();
    });

    test("a change that the user asked to be told of is told, once, and other users hear nothing", async () => {
      const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
      for (const user of [ada, bob])
        await user.api("PUT", "/notification-preferences", {
          events: { "task.completed": { stream: true, inbox: true } },
        });
      const [mine, theirs] = [await open(taskflow.url, ada), await open(taskflow.url, bob)];
      await Promise.all([mine.received(1), theirs.received(1)]);
      const { body } = await ada.api<WrittenTask>("POST", "/tasks", { title: "Pay rent" });
      await ada.api("POST", `/tasks/${body.id}/complete`);
      await until("it to be told", () => told(mine).length === 1);
      await publish(taskflow.query, { user_id: ada.userId, sequence: 2 });
      await until(
        "it to have come again",
        async () => (await taskflow.query("SELECT FROM outbox WHERE user_id = $1", [ada.userId])).length === 0,
      );
      await ada.api("POST", "/notifications/test", { channel: "stream" });
      await until("the test after it", () => told(mine).length >= 2);
      assert.deepEqual(
        told(mine).map(({ type }) => type),
        ["task.completed", "test"],
      );
      assert.deepEqual(told(theirs), []);
      for (const each of [mine, theirs]) each.cut();
    });
  });
}

test("two replicas: each open stream shows it once, wherever it was delivered, and the log counts both", async () => {
  const other = await startTaskFlow({ env, databaseUrl: taskflow.databaseUrl });
  try {
    const user = await taskflow.client.register();
    const streams = await Promise.all([taskflow, other].map(({ url }) => openStream(url, user)));
    await Promise.all(streams.map((stream) => stream.received(1)));
    for (const title of ["1", "2", "3", "4", "5"]) await remind(taskflow.query, { userId: user.userId, title });
    await until("both to show all", () => streams.every((stream) => told(stream).length >= 5));
    for (const stream of streams)
      assert.deepEqual(
        told(stream)
          .map(({ title }) => title)
          .toSorted(),
        ["1", "2", "3", "4", "5"],
      );
    await user.api("POST", "/notifications/read-all");
    await until("both to show none unread", () =>
      streams.every(({ events }) => events.findLast(({ event }) => event === "inbox")?.data === '{"unread":0}'),
    );
    const reasons = async () =>
      (
        await taskflow.query<{ reason: string }>(
          "SELECT DISTINCT reason FROM notification_deliveries WHERE user_id = $1 AND channel = 'stream'",
          [user.userId],
        )
      ).map(({ reason }) => reason);
    await until("both to be counted", async () => (await reasons()).join() === "on 2 open streams");
    for (const stream of streams) stream.cut();
  } finally {
    await other.stop();
  }
});
