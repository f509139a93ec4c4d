import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WrittenTask } from "../../src/contract/task.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { range, sequences } from "./event-stream.ts";
import { transports } from "./transports.ts";

let taskflow: TaskFlow;
const start = async (env: Record<string, string>): Promise<void> => {
  taskflow = await startTaskFlow({ env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1", ...env } });
};

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${taskflow.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
};

const REQUESTS = 12;
const UPDATES = 50;

/** 600 updates of some 45 KB each as events: more than the network holds between two processes. */
const writeMuch = async (user: TestUser): Promise<number> => {
  const { body: task } = await user.api<WrittenTask>("POST", "/tasks", { title: "long" });
  for (const request of range(1, REQUESTS)) {
    const operations = range(1, UPDATES).map((update) => ({
      op: "update",
      id: task.id,
      patch: { description: `${request}.${update} `.padEnd(5_000, "語") },
    }));
    const { status } = await user.api("POST", "/tasks/bulk", { operations });
    assert.equal(status, 200);
  }
  return 1 + REQUESTS * UPDATES;
};

for (const { name, open } of transports) {
  describe(name, () => {
    test("a reader that stops is written no more than the network holds, and goes on where it stopped", async (context) => {
      await start({ TASKFLOW_STREAM_IDLE_SECONDS: "1000" });
      context.after(() => taskflow.stop());
      const user = await taskflow.client.register();
      const [slow, fast] = await Promise.all([0, 0].map((since) => open(taskflow.url, { token: user.token, since })));
      assert.ok(slow !== undefined && fast !== undefined);
      slow.pause();
      const last = await writeMuch(user);
      assert.deepEqual(sequences(await fast.received(last)), range(1, last));
      const sentToBoth = await metric("taskflow_stream_events_total");
      assert.ok(
        sentToBoth < last * 1.8,
        `${sentToBoth - last} of ${last} events were written to a reader that does not read`,
      );
      assert.equal(slow.events.length < last / 2, true);

      slow.resume();
      assert.deepEqual(sequences(await slow.received(last)), range(1, last));
      await user.api("POST", "/tasks", { title: "live again" });
      assert.deepEqual(sequences(await slow.received(last + 1)), range(1, last + 1));
      slow.cut();
      fast.cut();
    });

    test("a reader that takes nothing for the idle time is dropped, counted, and resumes", async (context) => {
      await start({ TASKFLOW_STREAM_IDLE_SECONDS: "1" });
      context.after(() => taskflow.stop());
      const user = await taskflow.client.register();
      const stream = await open(taskflow.url, { token: user.token, since: 0 });
      stream.pause();
      const last = await writeMuch(user);
      await until("the reader is dropped", async () => (await metric("taskflow_streams_dropped_total")) === 1);
      await until("its place is free", async () => (await metric("taskflow_streams_open")) === 0);
      stream.resume();
      await stream.ended;
      const seen = sequences(stream.events);
      // A busy machine may make a reader slow that means to be fast: it is dropped as well, and comes back as well.
      while (seen.length < last) {
        const rest = await open(taskflow.url, { token: user.token, since: seen.at(-1) ?? 0 });
        await Promise.race([rest.ended, rest.received(last - seen.length)]);
        rest.cut();
        seen.push(...sequences(rest.events));
      }
      assert.deepEqual(seen, range(1, last));
    });
  });
}
