import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import type { IssuedApiToken } from "../../src/contract/account.ts";
import type { Problem } from "../../src/contract/problem.ts";
import type { StreamTicket } from "../../src/contract/stream.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { openStream, sequences } from "./event-stream.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow({ env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1" } });
});
after(() => taskflow.stop());

const ticketOf = async (user: TestUser): Promise<string> =>
  (await user.api<StreamTicket>("POST", "/notifications/stream-ticket")).body.ticket;

const refusal = async (options: Parameters<typeof openStream>[1]): Promise<{ status: number; code: string }> => {
  const stream = await openStream(taskflow.url, options);
  return { status: stream.status, code: (await stream.body<Problem>()).code };
};

test("a ticket opens one stream, once", async () => {
  const user = await taskflow.client.register();
  const { status, body } = await user.api<StreamTicket>("POST", "/notifications/stream-ticket");
  assert.equal(status, 200);
  assert.equal(body.expires_in, 30);
  const stream = await openStream(taskflow.url, { ticket: body.ticket });
  assert.equal((await stream.received(1))[0]?.event, "hello");
  assert.deepEqual(await refusal({ ticket: body.ticket }), { status: 401, code: "unauthenticated" });
  stream.cut();
});

test("of a hundred that use one ticket at the same time, one gets the stream", async () => {
  const ticket = await ticketOf(await taskflow.client.register());
  const streams = await Promise.all(Array.from({ length: 100 }, () => openStream(taskflow.url, { ticket })));
  assert.equal(streams.filter(({ status }) => status === 200).length, 1);
  assert.equal(streams.filter(({ status }) => status === 401).length, 99);
  for (const stream of streams) stream.cut();
});

test("a ticket is refused after its time, and stands in the database as a hash", async () => {
  const user = await taskflow.client.register();
  const ticket = await ticketOf(user);
  const rows = await taskflow.query<{ stored: string }>(
    "SELECT encode(ticket_hash, 'escape') || encode(ticket_hash, 'base64') AS stored FROM stream_tickets",
  );
  assert.ok(rows.length > 0 && rows.every(({ stored }) => !stored.includes(ticket)));
  await taskflow.query("UPDATE stream_tickets SET expires_at = expires_at - interval '31 seconds' WHERE user_id = $1", [
    user.userId,
  ]);
  assert.deepEqual(await refusal({ ticket }), { status: 401, code: "unauthenticated" });
});

test("a ticket that was never given, an empty one and a token in its place open nothing", async () => {
  const user = await taskflow.client.register();
  for (const ticket of ["A".repeat(43), "", user.token.slice(0, 200)])
    assert.equal((await refusal({ ticket })).status, 401);
});

test("without a token, with a wrong one, or without the scope there is no stream", async () => {
  const user = await taskflow.client.register();
  const { body } = await user.api<IssuedApiToken>("POST", "/auth/tokens", { name: "writer", scopes: ["write"] });
  assert.deepEqual(await refusal({}), { status: 401, code: "unauthenticated" });
  assert.deepEqual(await refusal({ token: "nonsense" }), { status: 401, code: "unauthenticated" });
  assert.deepEqual(await refusal({ token: body.token }), { status: 403, code: "insufficient_scope" });
});

test("a cursor that is no sequence is refused by name", async () => {
  const { token } = await taskflow.client.register();
  for (const lastEventId of ["-1", "1.5", "abc", "99999999999999999999"]) {
    const stream = await openStream(taskflow.url, { token, lastEventId });
    assert.equal(stream.status, 422, lastEventId);
    assert.equal((await stream.body<Problem>()).errors?.[0]?.field, "last-event-id");
  }
  assert.equal((await openStream(taskflow.url, { token, path: "/api/v1/notifications/stream?since=x" })).status, 422);
});

test("the fourth stream is answered 429 with Retry-After, and one that is closed makes room", async () => {
  const user = await taskflow.client.register();
  const streams = await Promise.all([1, 2, 3].map(() => openStream(taskflow.url, user)));
  const fourth = await openStream(taskflow.url, user);
  assert.equal(fourth.status, 429);
  assert.ok(Number(fourth.headers["retry-after"]) > 0);
  assert.equal((await fourth.body<Problem>()).code, "too_many_streams");
  streams[0]?.cut();
  await until("room for one more", async () => {
    const stream = await openStream(taskflow.url, user);
    stream.cut();
    return stream.status === 200;
  });
  for (const stream of streams) stream.cut();
});

test("a user never sees another user's events, nor their number", async () => {
  const [ada, bob] = [await taskflow.client.register(), await taskflow.client.register()];
  const stream = await openStream(taskflow.url, { token: ada.token, since: 0 });
  for (const title of ["1", "2", "3"]) await bob.api("POST", "/tasks", { title });
  await ada.api("POST", "/tasks", { title: "mine" });
  const [event] = await stream.received(1);
  assert.equal((JSON.parse(event?.data ?? "") as { user_id: string }).user_id, ada.userId);
  assert.deepEqual(sequences(stream.events), [1]);
  stream.cut();
});

test("the streams of an account that is closed end", async () => {
  const user = await taskflow.client.register();
  const stream = await openStream(taskflow.url, user);
  await stream.received(1);
  const { status } = await user.api("DELETE", "/auth/me", { password: user.password });
  assert.equal(status, 204);
  await stream.ended;
});

test("a HEAD is not a stream", async () => {
  const { token } = await taskflow.client.register();
  const answer = await fetch(`${taskflow.url}/api/v1/notifications/stream`, {
    method: "HEAD",
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 404);
});

test("a request that follows on the connection of a stream ends the connection and nothing else", async () => {
  const { token, api } = await taskflow.client.register();
  const { hostname, port } = new URL(taskflow.url);
  const socket = connect(Number(port), hostname);
  const request = `GET /api/v1/notifications/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  let received = "";
  socket
    .setEncoding("utf8")
    .on("data", (text: string) => (received += text))
    .on("error", () => undefined);
  socket.write(request);
  await until("the stream has begun", () => received.includes("event: hello"));
  socket.write(request.repeat(10));
  await once(socket, "close", { signal: AbortSignal.timeout(120_000) });
  assert.equal(received.match(/HTTP\/1\.1/g)?.length, 1);
  assert.equal((await api("GET", "/auth/me")).status, 200);
});
