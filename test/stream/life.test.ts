import assert from "node:assert/strict";
import { test } from "node:test";
import { startTaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { openStream } from "./event-stream.ts";

test("an idle stream shows again and again that it lives", async (context) => {
  const taskflow = await startTaskFlow({ env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1" } });
  context.after(() => taskflow.stop());
  const stream = await openStream(taskflow.url, await taskflow.client.register());
  await until("three heartbeats", () => stream.comments >= 3);
  assert.deepEqual(
    stream.events.map(({ event }) => event),
    ["hello"],
  );
  stream.cut();
});

test("a stop ends every stream, the one that does not read as well", async () => {
  const taskflow = await startTaskFlow();
  const user = await taskflow.client.register();
  const streams = await Promise.all([1, 2, 3].map(() => openStream(taskflow.url, user)));
  await Promise.all(streams.map((stream) => stream.received(1)));
  streams[0]?.pause();
  await taskflow.stop();
  streams[0]?.resume();
  await Promise.all(streams.map(({ ended }) => ended));
});

test("the log of the server has no ticket and no token in it", async () => {
  const taskflow = await startTaskFlow({ env: { TASKFLOW_LOG_LEVEL: "trace" } });
  const user = await taskflow.client.register();
  const { body } = await user.api<{ ticket: string }>("POST", "/notifications/stream-ticket");
  const stream = await openStream(taskflow.url, { ticket: body.ticket });
  await openStream(taskflow.url, { ticket: body.ticket });
  await stream.received(1);
  stream.cut();
  await taskflow.stop();
  assert.ok(!taskflow.logged().includes(body.ticket));
  assert.ok(!taskflow.logged().includes(user.token));
});
