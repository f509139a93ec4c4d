import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import type { IssuedApiToken } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { StreamTicket } from "../../src/contract/stream.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { openStream } from "./event-stream.ts";
import { type Closed, openWebSocket, type WebSocketOptions } from "./web-socket-stream.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow({
    env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1", TASKFLOW_STREAM_IDLE_SECONDS: "5" },
  });
});
after(() => taskflow.stop());

const ticketOf = async (user: TestUser): Promise<string> =>
  (await user.api<StreamTicket>("POST", "/notifications/stream-ticket")).body.ticket;
const metric = async (name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await (await fetch(`${taskflow.url}/metrics`)).text())?.[1]);

/** Opens a socket, says this first, and answers how the server closes it. */
const closedAfter = async (message: string | Buffer): Promise<Closed> => {
  const { socket, closed } = await openWebSocket(taskflow.url, {});
  socket.send(message);
  return closed;
};

const refusal = async (options: WebSocketOptions): Promise<{ status: number; code: string | undefined }> => {
  const stream = await openWebSocket(taskflow.url, options);
  return { status: stream.status, code: (await stream.body<Problem>()).code };
};

test("a ticket in the query, a header, or the first message opens it; the ticket once", async () => {
  const user = await taskflow.client.register();
  const ticket = await ticketOf(user);
  const ways: WebSocketOptions[] = [{ ticket }, { token: user.token, inHeader: true }, { token: user.token }];
  for (const way of ways) {
    const stream = await openWebSocket(taskflow.url, way);
    assert.deepEqual(await stream.received(1), [{ id: "0", event: "hello", data: '{"sequence":0}' }]);
    stream.cut();
  }
  assert.deepEqual(await refusal({ ticket }), { status: 401, code: "unauthenticated" });
});

test("the cursor goes with the ticket into the query, and with the token into the message", async () => {
  const user = await taskflow.client.register();
  for (const title of ["1", "2", "3"]) await user.api("POST", "/tasks", { title });
  for (const way of [{ ticket: await ticketOf(user) }, { token: user.token }]) {
    const stream = await openWebSocket(taskflow.url, { ...way, since: 1 });
    assert.deepEqual(
      (await stream.received(2)).map(({ id }) => id),
      ["2", "3"],
    );
    stream.cut();
  }
});

test("a first message that is no token closes it with a code that says so", async () => {
  const { body } = await (
    await taskflow.client.register()
  ).api<IssuedApiToken>("POST", "/auth/tokens", { name: "writer", scopes: ["write"] });
  assert.equal((await closedAfter(JSON.stringify({ type: "auth", token: "nonsense" }))).code, 4401);
  assert.equal((await closedAfter(JSON.stringify({ type: "auth", token: body.token }))).code, 4403);
  for (const message of [
    "",
    "hello",
    "{}",
    '{"type":"auth"}',
    '{"type":"auth","token":1}',
    '{"type":"auth","token":"x","since":-1}',
    Buffer.from("x"),
  ]) {
    const { code, reason } = await closedAfter(message);
    assert.deepEqual([code, reason.startsWith("send ")], [4401, true], String(message));
  }
  assert.equal((await closedAfter("x".repeat(20_000))).code, 1009);
});

test("a fourth stream is a 429 before the upgrade and 4429 after it, whatever the others are", async () => {
  const user = await taskflow.client.register();
  const streams = [
    await openStream(taskflow.url, user),
    await openWebSocket(taskflow.url, user),
    await openWebSocket(taskflow.url, { ticket: await ticketOf(user) }),
  ];
  const early = await openWebSocket(taskflow.url, { ticket: await ticketOf(user) });
  assert.deepEqual([early.status, Number(early.headers["retry-after"]) > 0], [429, true]);
  const { closed } = await openWebSocket(taskflow.url, user);
  const { code, reason } = await closed;
  assert.deepEqual([code, reason], [4429, "A user may have 3 open streams; close one first."]);
  assert.equal((await openStream(taskflow.url, user)).status, 429);
  streams[1]?.cut();
  await until("room for one more", async () => {
    const stream = await openStream(taskflow.url, user);
    stream.cut();
    return stream.status === 200;
  });
  for (const stream of streams) stream.cut();
});

test("the owner form is the same for its user and nothing for another", async () => {
  const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
  const stream = await openWebSocket(taskflow.url, { token: ada.token, path: `/api/ws/${ada.userId}` });
  assert.equal((await stream.received(1))[0]?.event, "hello");
  stream.cut();
  const { closed } = await openWebSocket(taskflow.url, { token: ada.token, path: `/api/ws/${bob.userId}` });
  assert.equal((await closed).code, 4404);
  assert.equal((await refusal({ ticket: await ticketOf(ada), path: `/api/ws/${bob.userId}` })).status, 404);
});

test("a page of another origin may not connect, a page of this one and a program may", async () => {
  const user = await taskflow.client.register();
  for (const origin of ["https://evil.example", "null", taskflow.url.replace(/\d+$/, "1")])
    assert.deepEqual(
      await refusal({ token: user.token, headers: { origin } }),
      { status: 403, code: "forbidden" },
      origin,
    );
  const stream = await openWebSocket(taskflow.url, { token: user.token, headers: { origin: taskflow.url } });
  assert.equal((await stream.received(1))[0]?.event, "hello");
  stream.cut();
});

test("an address that is none, and a request that is no upgrade, are answered as such", async () => {
  const plain = await fetch(`${taskflow.url}/api/v1/ws`);
  assert.deepEqual([plain.status, ((await plain.json()) as Problem).code], [426, "upgrade_required"]);
  const elsewhere = new WebSocket(`${taskflow.url.replace("http", "ws")}/api/v1/nowhere`);
  const [, response] = (await once(elsewhere, "unexpected-response")) as [
    unknown,
    { statusCode: number; destroy(): void },
  ];
  assert.equal(response.statusCode, 404);
  response.destroy();
  const other = await fetch(`${taskflow.url}/health`, { headers: { upgrade: "h2c" } }).catch(() => undefined);
  if (other !== undefined) assert.equal(other.status, 200);
});

test("an idle one is pinged again and again, and stays", async () => {
  const stream = await openWebSocket(taskflow.url, await taskflow.client.register());
  await until("five pings", () => stream.comments >= 5);
  assert.deepEqual(
    stream.events.map(({ event }) => event),
    ["hello"],
  );
  stream.cut();
});

test("one that reads nothing is dropped although nothing is written to it", async () => {
  const user = await taskflow.client.register();
  const dropped = await metric("taskflow_streams_dropped_total");
  const stream = await openWebSocket(taskflow.url, user);
  await stream.received(1);
  stream.pause();
  await until("it is dropped", async () => (await metric("taskflow_streams_dropped_total")) > dropped);
  await until("its place is free", async () => (await metric("taskflow_streams_open")) === 0);
  stream.cut();
});

test("one that talks without end is closed", async () => {
  const stream = await openWebSocket(taskflow.url, await taskflow.client.register());
  await stream.received(1);
  await until("it is closed", () => {
    // More than twice what may be said between two heartbeats: one of them may fall in the middle.
    for (let said = 0; said < 300; said += 1) stream.socket.send('{"type":"ping"}');
    return stream.socket.readyState !== WebSocket.OPEN;
  });
  assert.equal((await stream.closed).code, 1008);
});

test("a stop closes all with a code that means to come back, those that have not signed in too", async () => {
  const other = await startTaskFlow();
  const user = await other.client.register();
  const [stream, unknown] = [await openWebSocket(other.url, user), await openWebSocket(other.url, {})];
  await stream.received(1);
  const ended = Promise.all([stream.closed, unknown.closed]);
  await other.stop();
  assert.equal((await ended)[0].code, 1012);
});
