import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type {
  AllRead,
  Notification,
  NotificationDeliveries,
  NotificationDelivery,
  NotificationList,
} from "../../src/contract/notification.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { TestUser } from "../harness/client.ts";
import { assertInvalid, assertRefused } from "../harness/refusal.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { type EventStream, openStream } from "../stream/event-stream.ts";
import { remind } from "./reminders.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

const list = async ({ api }: TestUser, query = ""): Promise<NotificationList> =>
  (await api<NotificationList>("GET", `/notifications${query}`)).body;

/** Gives a user reminders and waits until the inbox has them. */
const give = async (user: TestUser, ...titles: readonly string[]): Promise<void> => {
  for (const title of titles) await remind(taskflow.query, { userId: user.userId, title });
  await until("all to be in the inbox", async () => (await list(user)).notifications.length >= titles.length);
};

const lastUnread = ({ events }: EventStream): number | undefined => {
  const last = events.findLast(({ event }) => event === "inbox");
  return last === undefined ? undefined : (JSON.parse(last.data) as { unread: number }).unread;
};

test("the inbox is newest first, in pages, with the number of unread on all of them", async () => {
  const user = await taskflow.client.register();
  await give(user, "1", "2", "3", "4", "5");
  const first = await list(user, "?limit=2");
  const second = await list(user, `?limit=2&cursor=${first.next_cursor}`);
  const third = await list(user, `?limit=2&cursor=${second.next_cursor}`);
  const all = [first, second, third].flatMap(({ notifications }) => notifications);
  assert.deepEqual(all.map(({ title }) => title).toSorted(), ["1", "2", "3", "4", "5"]);
  assert.deepEqual(
    all.map(({ created_at }) => created_at),
    all
      .map(({ created_at }) => created_at)
      .toSorted()
      .toReversed(),
  );
  assert.deepEqual([first.unread, second.unread, third.unread, third.next_cursor], [5, 5, 5, null]);
  const { user_id: _hidden, ...shown } = { user_id: user.userId, ...all[0] };
  assert.deepEqual(
    [shown.type, shown.count, shown.read_at, shown.critical],
    ["task.reminder.triggered", 1, null, false],
  );
});

test("read, unread and read all change what is unread, and may be said twice", async () => {
  const user = await taskflow.client.register();
  await give(user, "a", "b", "c");
  const [first] = (await list(user)).notifications;
  const read = await user.api<Notification>("POST", `/notifications/${first?.id}/read`);
  assert.ok(read.body.read_at !== null);
  assert.deepEqual((await user.api<Notification>("POST", `/notifications/${first?.id}/read`)).body, read.body);
  assert.equal((await list(user)).unread, 2);
  assert.deepEqual(
    (await list(user, "?status=read")).notifications.map(({ id }) => id),
    [first?.id],
  );
  assert.equal((await list(user, "?status=unread")).notifications.length, 2);
  assert.equal((await user.api<Notification>("POST", `/notifications/${first?.id}/unread`)).body.read_at, null);
  assert.equal((await list(user)).unread, 3);
  assert.deepEqual((await user.api<AllRead>("POST", "/notifications/read-all")).body, { read: 3, unread: 0 });
  assert.deepEqual((await user.api<AllRead>("POST", "/notifications/read-all")).body, { read: 0, unread: 0 });
});

test("what changes on one device shows on every other, by either transport", async () => {
  const user = await taskflow.client.register();
  const streams = [await openStream(taskflow.url, user), await openStream(taskflow.url, user)];
  await Promise.all(streams.map((stream) => stream.received(1)));
  await give(user, "a", "b");
  await until("both to show two unread", () => streams.every((stream) => lastUnread(stream) === 2));
  await user.api("POST", `/notifications/${(await list(user)).notifications[0]?.id}/read`);
  await until("both to show one unread", () => streams.every((stream) => lastUnread(stream) === 1));
  await user.api("POST", "/notifications/read-all");
  await until("both to show none", () => streams.every((stream) => lastUnread(stream) === 0));
  for (const stream of streams) stream.cut();
});

test("another user's notifications, and what is none, are a 404", async () => {
  const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
  await give(ada, "mine");
  const [mine] = (await list(ada)).notifications;
  for (const id of [mine?.id, randomUUID()])
    for (const action of ["read", "unread"])
      assertRefused(await bob.api<Problem>("POST", `/notifications/${id}/${action}`), 404, "not_found");
  assertRefused(await bob.api<Problem>("POST", "/notifications/seven/read"), 404, "not_found");
  assert.deepEqual(
    (await bob.api<NotificationDeliveries>("GET", `/notification-deliveries?notification_id=${mine?.id}`)).body
      .deliveries,
    [],
  );
  assert.deepEqual(await list(bob), { notifications: [], unread: 0, next_cursor: null });
  assert.equal((await list(ada)).unread, 1);
});

test("a cursor of another list, a limit above the maximum and a status there is not are refused", async () => {
  const { api } = await taskflow.client.register();
  assertRefused(await api<Problem>("GET", "/notifications?cursor=nonsense"), 400, "invalid_cursor");
  assertRefused(await api<Problem>("GET", "/notification-deliveries?cursor=nonsense"), 400, "invalid_cursor");
  assertInvalid(await api<Problem>("GET", "/notifications?limit=101"), "limit");
  assertInvalid(await api<Problem>("GET", "/notifications?status=late"), "status");
});

test("the delivery log says what became of each, by channel, status and notification", async () => {
  const user = await taskflow.client.register();
  await user.api("PUT", "/notification-preferences", { events: { "task.reminder.triggered": { stream: false } } });
  await give(user, "a", "b");
  const log = async (query: string) =>
    (await user.api<NotificationDeliveries>("GET", `/notification-deliveries?${query}`)).body;
  assert.equal((await log("")).deliveries.length, 4);
  assert.deepEqual(
    (await log("channel=stream")).deliveries.map(({ status, reason }) => [status, reason]),
    [
      ["suppressed", "preference"],
      ["suppressed", "preference"],
    ],
  );
  assert.equal((await log("status=delivered")).deliveries.length, 2);
  const [one] = (await list(user)).notifications;
  assert.deepEqual((await log(`notification_id=${one?.id}`)).deliveries.map(({ channel }) => channel).toSorted(), [
    "inbox",
    "stream",
  ]);
  const page = await log("limit=3");
  assert.equal((await log(`limit=3&cursor=${page.next_cursor}`)).deliveries.length, 1);
});

test("a test says what became of it, whatever the preferences are", async () => {
  const user = await taskflow.client.register();
  await user.api("PUT", "/notification-preferences", {
    critical_only: true,
    quiet_hours: { start: "00:00", end: "23:59" },
    events: { "task.reminder.triggered": { stream: false } },
  });
  const send = async <Body = NotificationDelivery>(channel: string) =>
    user.api<Body>("POST", "/notifications/test", { channel });
  assert.deepEqual(
    [(await send("stream")).body.status, (await send("stream")).body.reason],
    ["delivered", "no open stream"],
  );
  const stream = await openStream(taskflow.url, user);
  await stream.received(1);
  assert.equal((await send("stream")).body.reason, "on 1 open stream");
  await until("it to be on the stream", () =>
    stream.events.some(
      ({ event, data }) => event === "notification" && (JSON.parse(data) as Notification).type === "test",
    ),
  );
  assert.equal((await send("inbox")).body.status, "delivered");
  assert.deepEqual(
    (await list(user)).notifications.map(({ type }) => type),
    ["test"],
  );
  assertInvalid(await send<Problem>("push"), "channel");
  assertInvalid(await send<Problem>("pigeon"), "channel");
  stream.cut();
});
