import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { v7 as uuidv7 } from "uuid";
import type { TaskEvent } from "../../src/contract/event.ts";
import { taskEventOf } from "../outbox/events.ts";
import { type Bench, createBench, keepingChannel } from "./bench.ts";
import { clockIn, logReminder, quietNow } from "./reminders.ts";

let bench: Bench;
before(async () => {
  bench = await createBench();
});
after(() => bench.drop());

const remind = (
  userId: string,
  facts: { title?: string; critical?: boolean; taskId?: string; reminderId?: string; at?: Date } = {},
) => logReminder(bench.query, { userId, ...facts });

/** The log of a user's deliveries: `channel status reason`, in order of the channels. */
const logOf = async (userId: string, filter = {}): Promise<string[]> =>
  (await bench.log.list(userId, { filter, after: undefined, limit: 100 }))
    .map(({ channel, status, reason }) => `${channel} ${status} ${reason ?? "-"}`)
    .toSorted();

const titlesGiven = (userId: string): string[] =>
  bench.channel.given.filter((due) => due.userId === userId).map(({ notification }) => notification.title);
const inboxOf = async (userId: string) => bench.inbox.list(userId, { status: "all", after: undefined, limit: 100 });

/** Writes a change of a task to the log, as chat-api does, after everything that is there. */
const change = async (userId: string, taskId: string, task: object): Promise<void> => {
  const event: TaskEvent = taskEventOf({ userId, taskId, version: 2 });
  await bench.query(
    `WITH head AS (UPDATE event_heads SET sequence = sequence + 1 WHERE user_id = $1 RETURNING sequence)
     INSERT INTO events SELECT $1, head.sequence, $2, 'task.updated', $3, 2, now(), $4 FROM head`,
    [userId, event.event_id, taskId, JSON.stringify({ ...event, task: { ...event.task, ...task } })],
  );
};

describe("an event", () => {
  test("becomes one notification, in the inbox at once, and one delivery a channel", async () => {
    const user = await bench.newUser();
    const event = await remind(user, { title: "Water plants" });
    await bench.take(event);
    const [notification] = await inboxOf(user);
    assert.deepEqual(
      [notification?.title, notification?.event_id, notification?.reminder_id, notification?.read_at],
      ["Water plants", event.event_id, event.reminder.id, null],
    );
    assert.deepEqual(await logOf(user), ["inbox delivered -", "stream pending -"]);
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["Water plants"]);
    assert.deepEqual(await logOf(user), ["inbox delivered -", "stream delivered -"]);
  });

  test("that comes again, with others, at once or late changes nothing", async () => {
    const user = await bench.newUser();
    const event = await remind(user);
    await Promise.all([bench.take(event), bench.take(event, event), bench.take(await remind(user), event)]);
    await bench.worker()();
    await bench.take(event);
    await bench.worker()();
    assert.equal((await inboxOf(user)).length, 2);
    assert.equal(titlesGiven(user).length, 2);
  });

  test("is posted to the streams with its row, once, also when it comes again after the board has forgotten it", async () => {
    const user = await bench.newUser();
    const [first, second] = [await remind(user, { title: "one" }), await remind(user, { title: "two" })];
    const posted = async () =>
      (
        await bench.query(
          "SELECT notification::json->>'title' AS title FROM stream_notices WHERE user_id = $1 ORDER BY position",
          [user],
        )
      ).map(({ title }) => title);
    await bench.takeToStreams(first, second, first);
    assert.deepEqual(await posted(), ["one", "two"]);
    assert.deepEqual(await logOf(user), [
      "inbox delivered -",
      "inbox delivered -",
      "stream delivered on 2 open streams",
      "stream delivered on 2 open streams",
    ]);
    await bench.query("DELETE FROM stream_notices WHERE user_id = $1", [user]);
    await Promise.all([bench.takeToStreams(second), bench.takeToStreams(first, second)]);
    await bench.worker()();
    assert.deepEqual([await posted(), titlesGiven(user)], [[], []]);
  });

  test("is no notification when no channel is on for it, and one where a channel is", async () => {
    const user = await bench.newUser();
    await bench.take(taskEventOf({ userId: user, type: "task.created" }));
    assert.deepEqual(await logOf(user), []);
    await bench.prefer(user, { events: { "task.created": { inbox: true } } });
    await bench.take(taskEventOf({ userId: user, type: "task.created" }));
    assert.deepEqual(await logOf(user), ["inbox delivered -", "stream suppressed preference"]);
  });

  test("of a reminder that no channel wants leaves its reasons", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { critical_only: true, events: { "task.reminder.triggered": { stream: false } } });
    await bench.take(await remind(user), await remind(user, { critical: true }));
    assert.deepEqual(await logOf(user), [
      "inbox delivered -",
      "inbox suppressed critical_only",
      "stream suppressed preference",
      "stream suppressed preference",
    ]);
    assert.equal((await inboxOf(user)).length, 1);
  });

  test("of an account that is closed, or older than the inbox is kept, is nothing", async () => {
    const [closed, user] = [await bench.newUser(), await bench.newUser()];
    const event = await remind(closed);
    await bench.query("DELETE FROM event_heads WHERE user_id = $1", [closed]);
    await bench.take(event, await remind(user, { at: new Date(Date.now() - 91 * 86_400_000) }));
    assert.deepEqual([await logOf(closed), await logOf(user)], [[], []]);
  });
});

describe("what is no longer so", () => {
  test("is not told: neither when the event comes late nor when its delivery is late", async () => {
    const user = await bench.newUser();
    const [before, between] = [uuidv7(), uuidv7()];
    const late = await remind(user, { taskId: before, title: "completed before it came" });
    await change(user, before, { completed: true });
    await bench.take(late, await remind(user, { taskId: between, title: "deleted before it was delivered" }));
    await change(user, between, { deleted_at: new Date().toISOString() });
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), []);
    assert.deepEqual(await logOf(user), [
      "inbox delivered -",
      "inbox suppressed task_completed",
      "stream suppressed task_completed",
      "stream suppressed task_deleted",
    ]);
  });

  test("is so again when the task has come back, and what happened before says nothing", async () => {
    const user = await bench.newUser();
    const taskId = uuidv7();
    await change(user, taskId, { completed: true });
    const event = await remind(user, { taskId });
    await bench.take(event);
    await change(user, taskId, { completed: true });
    await change(user, taskId, {});
    await bench.worker()();
    assert.equal(titlesGiven(user).length, 1);
  });
});

describe("quiet hours", () => {
  /** Their end, as time would bring it: they lie in the past now, and what waits for it is due. */
  const end = async (userId: string): Promise<void> => {
    await bench.query("UPDATE notification_preferences SET quiet_start = $2, quiet_end = $3 WHERE user_id = $1", [
      userId,
      clockIn(-120),
      clockIn(-30),
    ]);
    await bench.query("UPDATE notification_deliveries SET claim_at = now() WHERE user_id = $1 AND claim_at > now()", [
      userId,
    ]);
  };

  test("put off everything but what is critical, and are followed by one digest of what is still so", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { quiet_hours: quietNow() });
    const done = uuidv7();
    await bench.take(
      await remind(user, { title: "a" }),
      await remind(user, { title: "b" }),
      await remind(user, { title: "done", taskId: done }),
    );
    await bench.take(await remind(user, { title: "c" }), await remind(user, { title: "urgent", critical: true }));
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["urgent"]);
    assert.equal((await inboxOf(user)).length, 5);

    await change(user, done, { completed: true });
    await end(user);
    await Promise.all([bench.worker()(), bench.worker()()]);
    await bench.worker()();
    const digests = bench.channel.given
      .filter((due) => due.userId === user && due.notification.type === "digest")
      .map(({ notification }) => notification);
    assert.deepEqual(
      digests.map(({ count, title, body }) => ({ count, title, body })),
      [{ count: 3, title: "3 notifications", body: "a, b, c." }],
    );
    assert.deepEqual(await logOf(user, { channel: "stream" }), [
      "stream delivered -",
      "stream delivered -",
      "stream delivered digest",
      "stream delivered digest",
      "stream delivered digest",
      "stream suppressed task_completed",
    ]);
    assert.equal((await inboxOf(user)).length, 5, "the inbox had each of them already");
  });

  test("are followed by the one itself when one is left, and by nothing when none is", async () => {
    const [one, none] = [await bench.newUser(), await bench.newUser()];
    const [gone, left] = [uuidv7(), uuidv7()];
    for (const user of [one, none]) {
      await bench.prefer(user, { quiet_hours: quietNow() });
      await bench.take(await remind(user, { taskId: gone, title: "gone" }));
    }
    await bench.take(await remind(one, { taskId: left, title: "left" }));
    for (const user of [one, none]) {
      await change(user, gone, { deleted_at: new Date().toISOString() });
      await end(user);
    }
    await bench.worker()();
    assert.deepEqual(titlesGiven(one), ["left"]);
    assert.deepEqual(titlesGiven(none), []);
    assert.deepEqual(await logOf(one, { channel: "stream" }), [
      "stream delivered -",
      "stream suppressed one_left",
      "stream suppressed task_deleted",
    ]);
    assert.deepEqual(await logOf(none, { channel: "stream" }), [
      "stream suppressed nothing_left",
      "stream suppressed task_deleted",
    ]);
  });

  test("that are taken back give at once what has waited", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { quiet_hours: quietNow() });
    await bench.take(await remind(user, { title: "a" }), await remind(user, { title: "b" }));
    await bench.prefer(user, { quiet_hours: null });
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["2 notifications"]);
  });

  test("that are made longer put the digest off once more", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { quiet_hours: quietNow() });
    await bench.take(await remind(user), await remind(user));
    await bench.prefer(user, { quiet_hours: { ...quietNow(), end: clockIn(120) } });
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), []);
    await bench.prefer(user, { quiet_hours: null });
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["2 notifications"]);
  });

  test("that begin between intake and delivery hold as well", async () => {
    const user = await bench.newUser();
    await bench.take(await remind(user, { title: "a" }));
    await bench.prefer(user, { quiet_hours: quietNow() });
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), []);
    await end(user);
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["a"]);
  });

  const moveTo = (user: string, zone: string) =>
    bench.query("UPDATE event_heads SET time_zone = $2 WHERE user_id = $1", [user, zone]);

  test("are of the zone that the user is in now, whatever zone an event came from", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { quiet_hours: quietNow() });
    const event = await remind(user, { title: "in another zone it is not quiet" });
    await moveTo(user, "Pacific/Auckland");
    await bench.take(event);
    await bench.worker()();
    assert.equal(titlesGiven(user).length, 1);
  });

  test("of someone who moves to a zone where they are over give at once what has waited", async () => {
    const [user, other] = [await bench.newUser(), await bench.newUser()];
    for (const each of [user, other]) {
      await bench.prefer(each, { quiet_hours: quietNow() });
      await bench.take(await remind(each, { title: "a" }), await remind(each, { title: "b" }));
    }
    await bench.queue.followZones();
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), []);
    await moveTo(user, "Pacific/Auckland");
    await bench.queue.followZones();
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["2 notifications"]);
    assert.deepEqual(titlesGiven(other), []);
  });

  test("that end at another time than planned leave one digest, with what came before and after", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { quiet_hours: quietNow() });
    await bench.take(await remind(user), await remind(user));
    await bench.prefer(user, { quiet_hours: { ...quietNow(), end: clockIn(120) } });
    await bench.worker()();
    await bench.take(await remind(user));
    await end(user);
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), ["3 notifications"]);
  });

  test("what joins a digest that was just given is told by itself", async () => {
    const user = await bench.newUser();
    await bench.prefer(user, { quiet_hours: quietNow() });
    await bench.take(await remind(user, { title: "a" }), await remind(user, { title: "b" }));
    await bench.query(
      "UPDATE notification_deliveries SET status = 'delivered' WHERE user_id = $1 AND claim_at IS NOT NULL",
      [user],
    );
    await bench.query(
      "UPDATE notification_deliveries SET due_at = now() - interval '2 minutes' WHERE user_id = $1 AND status = 'pending'",
      [user],
    );
    await bench.query("UPDATE notification_preferences SET quiet_start = NULL WHERE user_id = $1", [user]);
    await bench.worker()();
    assert.deepEqual(titlesGiven(user), []);
    await bench.queue.rescue();
    await bench.worker()();
    assert.deepEqual(titlesGiven(user).toSorted(), ["a", "b"]);
  });
});

describe("a delivery", () => {
  test("that fails is tried again after a pause, and is given up in the end; its owner can have it tried again", async () => {
    const user = await bench.newUser();
    const channel = keepingChannel("stream");
    channel.answer = () => Promise.reject(new Error("it is away"));
    await bench.take(await remind(user));
    const run = bench.worker(channel);
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await run();
      await run();
      await bench.query("UPDATE notification_deliveries SET claim_at = now() WHERE user_id = $1 AND claim_at > now()", [
        user,
      ]);
    }
    const [failed] = await bench.log.list(user, { filter: { status: "failed" }, after: undefined, limit: 10 });
    assert.deepEqual([failed?.attempts, failed?.reason, channel.given.length], [9, "it is away", 9]);
    channel.answer = (due) => Promise.resolve(due.map(() => ({ reached: 1 })));
    assert.equal(await bench.log.retry(await bench.newUser(), failed?.id ?? ""), undefined, "not someone else's");
    assert.equal((await bench.log.retry(user, failed?.id ?? ""))?.status, "pending");
    await run();
    assert.deepEqual(await logOf(user, { channel: "stream" }), ["stream delivered on 1 open stream"]);
  });

  test("of a worker that died with it is given to another after its lease, by the same id", async () => {
    const user = await bench.newUser();
    await bench.take(await remind(user));
    const dying = keepingChannel("stream");
    dying.answer = () => new Promise(() => undefined);
    void bench.worker(dying, 0.2)();
    while (dying.given.length === 0) await bench.worker(keepingChannel("push"))();
    while (!titlesGiven(user).length) await bench.worker()();
    assert.deepEqual(bench.channel.given.at(-1)?.deliveryId, dying.given[0]?.deliveryId);
    assert.deepEqual(await logOf(user, { channel: "stream" }), ["stream delivered -"]);
  });

  test("is given to one of many workers", async () => {
    const user = await bench.newUser();
    const events = [];
    for (let index = 0; index < 250; index += 1) events.push(await remind(user, { title: `${index}` }));
    await bench.take(...events);
    await Promise.all([bench.worker()(), bench.worker()(), bench.worker()()]);
    assert.deepEqual(titlesGiven(user).toSorted(), Array.from({ length: 250 }, (_, index) => `${index}`).toSorted());
  });
});

test("what is older than the retention is forgotten, with its deliveries", async () => {
  const user = await bench.newUser();
  await bench.take(await remind(user, { title: "old" }), await remind(user, { title: "new" }));
  await bench.query(
    "UPDATE notifications SET created_at = now() - interval '91 days' WHERE user_id = $1 AND title = 'old'",
    [user],
  );
  assert.equal(await bench.inbox.forget(90), 1);
  assert.deepEqual(
    (await inboxOf(user)).map(({ title }) => title),
    ["new"],
  );
  assert.equal((await logOf(user)).length, 2);
});
