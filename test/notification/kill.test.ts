import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "pg";
import type { Notification } from "../../src/contract/notification.ts";
import { createSingleProcess } from "../fault/single-process.ts";
import type { TestUser } from "../harness/client.ts";
import { until } from "../harness/until.ts";
import { openStream } from "../stream/event-stream.ts";
import { type Query, remind } from "./reminders.ts";

/** By hand: TASKFLOW_FAULT_ROUNDS=50 npm test -- test/notification/kill.test.ts */
const ROUNDS = Number(process.env["TASKFLOW_FAULT_ROUNDS"] ?? 3);

test(
  `kill -9 while reminders are told, ${ROUNDS} times: each is in the inbox once, delivered once, and on a stream at most once`,
  { timeout: 180_000 + ROUNDS * 60_000 },
  async (t) => {
    const taskflow = await createSingleProcess(t);
    await taskflow.start();
    const [user] = (await taskflow.register(1)) as [TestUser];
    // A database that was left alone by a kill is started anew with the process.
    const database = new Pool({ connectionString: taskflow.databaseUrl, max: 2 }).on("error", () => undefined);
    const query: Query = async <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[]) =>
      (await database.query<Row>(sql, [...values])).rows;
    let stopped = false;
    t.after(async () => {
      stopped = true;
      await database.end();
    });
    const seen: string[] = [];
    const watching = watch(taskflow.url, user, seen, () => stopped);

    let given = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const killAt = performance.now() + randomInt(100, 1_500);
      while (performance.now() < killAt) {
        await remind(query, { userId: user.userId, title: `${given}` });
        given += 1;
        await delay(randomInt(0, 25));
      }
      taskflow.current().kill("SIGKILL");
      await taskflow.current().ended;
      await taskflow.start();
    }

    const count = async (what: string): Promise<number> =>
      Number((await query<{ count: string }>(`SELECT count(*) FROM ${what}`, []))[0]?.count);
    await until(
      "all to be delivered",
      async () => (await count("notification_deliveries WHERE channel = 'stream' AND status = 'delivered'")) === given,
    );
    stopped = true;
    await watching;
    const titles = await query<{ title: string }>("SELECT title FROM notifications WHERE in_inbox", []);
    assert.deepEqual(
      titles.map(({ title }) => Number(title)).toSorted((a, b) => a - b),
      Array.from({ length: given }, (_, index) => index),
    );
    assert.equal(await count("notification_deliveries"), 2 * given);
    assert.equal(new Set(seen).size, seen.length, "none twice on a stream");
    t.diagnostic(`${given} reminders, ${ROUNDS} kills, ${seen.length} seen live`);
  },
);

/** A client that comes back whenever its stream ends. */
const watch = async (url: string, user: TestUser, seen: string[], stopped: () => boolean): Promise<void> => {
  while (!stopped()) {
    const stream = await openStream(url, user).catch(() => undefined);
    if (stream?.status === 200) {
      await Promise.race([stream.ended, until("the end of the test", stopped).catch(() => undefined)]);
      stream.cut();
      // More than ten a second come as a number, and are not counted here.
      for (const { event, data } of stream.events)
        if (event === "notification") seen.push((JSON.parse(data) as Notification).id);
    }
    await delay(50);
  }
};
