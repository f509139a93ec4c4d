import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import fastify, { type FastifyInstance } from "fastify";
import type { Problem } from "../../src/contract/problem.ts";
import { rewriteOwnerForm } from "../../src/main/http/api.ts";
import { proxied, type Proxied, proxyService } from "../../src/main/http/service-proxy.ts";
import { answerError } from "../../src/main/http/problems.ts";
import { openStream } from "../stream/event-stream.ts";

const STREAM = "/api/v1/notifications/stream";
const frame = (n: number): string => `id: ${n}\nevent: task.created\ndata: {}\n\n`;

const running: FastifyInstance[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const listen = async (server: FastifyInstance): Promise<string> => {
  running.unshift(server);
  return server.listen({ host: "127.0.0.1", port: 0 });
};

/** A stand-in for the notification service, whose every move the test makes itself. */
const startUpstream = async () => {
  const server = fastify({ forceCloseConnections: true });
  const opened = Promise.withResolvers<{ write(text: string): void; readonly closed: Promise<unknown> }>();
  const asked: { path: string; headers: Record<string, unknown>; body: unknown }[] = [];
  server.get(STREAM, (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { "content-type": "text/event-stream" });
    reply.raw.flushHeaders();
    opened.resolve({ write: (text) => void reply.raw.write(text), closed: once(reply.raw, "close") });
  });
  let busy = 0;
  server.get("/api/v1/notifications/busy", (_request, reply) =>
    reply
      .code(503)
      .header("retry-after", "0")
      .send({ asked: (busy += 1) }),
  );
  server.all("/*", (request, reply) => {
    asked.push({ path: request.url, headers: request.headers, body: request.body });
    return reply.header("x-answered-by", "notification").code(201).send({ path: request.url });
  });
  return { url: await listen(server), opened: opened.promise, asked };
};

const startFront = async (upstream: string, what: Proxied = proxied.notifications): Promise<string> => {
  const server = fastify({ rewriteUrl: ({ url = "/" }) => rewriteOwnerForm(url), forceCloseConnections: "idle" });
  server.setErrorHandler(answerError);
  await server.register(async (app) => proxyService(what, upstream)(app));
  return listen(server);
};

describe("notifications of another process", () => {
  it("answers a stream before its first frame, and passes each frame on as it comes", async () => {
    const upstream = await startUpstream();
    const stream = await openStream(await startFront(upstream.url), { token: "t" });
    assert.equal(stream.headers["content-type"], "text/event-stream");
    const { write } = await upstream.opened;
    for (let n = 1; n <= 3; n += 1) {
      write(frame(n));
      await stream.received(n);
    }
    stream.cut();
  });

  it("ends the stream there when the client goes, and here when the service goes", async () => {
    const upstream = await startUpstream();
    const front = await startFront(upstream.url);
    const leaving = await openStream(front, {});
    leaving.cut();
    await (
      await upstream.opened
    ).closed;

    const other = await startUpstream();
    const left = await openStream(await startFront(other.url), {});
    await other.opened;
    for (const server of running.filter(
      ({ server }) => `http://127.0.0.1:${(server.address() as AddressInfo | null)?.port}` === other.url,
    ))
      await server.close();
    await left.ended;
  });

  it("ends streams when it stops itself", async () => {
    const upstream = await startUpstream();
    const front = await startFront(upstream.url);
    const stream = await openStream(front, {});
    await running[0]?.close();
    await stream.ended;
    await (
      await upstream.opened
    ).closed;
  });

  it("keeps what a slow reader has not read yet", async () => {
    const upstream = await startUpstream();
    const stream = await openStream(await startFront(upstream.url), {});
    stream.pause();
    const { write } = await upstream.opened;
    for (let sent = 0; sent < 64; sent += 1) write(`: ${"x".repeat(1_000_000)}\n\n`);
    write(frame(1));
    stream.resume();
    await stream.received(1);
    assert.equal(stream.comments, 64);
    stream.cut();
  });

  it("passes a request and its answer on as they are, with the owner as the client wrote it", async () => {
    const upstream = await startUpstream();
    const front = await startFront(upstream.url);
    const path = "/api/0b8f3c52-2d0b-4a5e-9d52-4b9b6b0d6a11/notifications/7/read?x=%20y";
    const response = await fetch(`${front}${path}`, {
      method: "POST",
      body: '{ "raw":1}',
      headers: { "content-type": "application/json", authorization: "Bearer t" },
    });
    assert.deepEqual([response.status, response.headers.get("x-answered-by")], [201, "notification"]);
    const [asked] = upstream.asked;
    assert.deepEqual(
      [asked?.path, asked?.body, asked?.headers["authorization"], asked?.headers["x-forwarded-for"]],
      [path, { raw: 1 }, "Bearer t", "127.0.0.1"],
    );
  });

  it("leads nowhere else", async () => {
    const upstream = await startUpstream();
    const front = new URL(await startFront(upstream.url));
    for (const path of [
      "/api/v1/notifications/../../../metrics",
      "/api/v1/notifications/%2e%2e/%2e%2e/metrics",
      "/api/v1/notifications/..%2fmetrics",
      "/api/v1/notificationsx",
      "/metrics",
    ]) {
      const asked = httpRequest({ host: front.hostname, port: front.port, path });
      asked.end();
      const [answer] = (await once(asked, "response")) as [{ statusCode: number; resume(): void }];
      answer.resume();
      assert.ok([400, 404].includes(answer.statusCode), `${path} was answered ${answer.statusCode}`);
    }
    assert.deepEqual(
      upstream.asked.filter(({ path }) => !path.startsWith("/api/v1/notifications/")),
      [],
    );
  });

  it("asks once and lets the client decide when to come again", async () => {
    const upstream = await startUpstream();
    const response = await fetch(`${await startFront(upstream.url)}/api/v1/notifications/busy`);
    assert.deepEqual(
      [response.status, response.headers.get("retry-after"), await response.json()],
      [503, "0", { asked: 1 }],
    );
  });

  it("says that the service is away", async () => {
    const front = await startFront("http://127.0.0.1:9");
    const response = await fetch(`${front}/api/v1/notifications`);
    const problem = (await response.json()) as Problem;
    assert.deepEqual(
      [response.status, response.headers.get("retry-after"), problem.code, problem.detail],
      [503, "1", "unavailable", "the notification service does not answer"],
    );
    const websocket = await fetch(`${front}/api/v1/ws`);
    assert.equal(websocket.status, 503);
  });
});

describe("the history of another process", () => {
  it("is read there by each of its paths, query and all, and written nowhere", async () => {
    const upstream = await startUpstream();
    const front = await startFront(upstream.url, proxied.history);
    const paths = [
      "/audit/tasks/7?limit=2",
      "/audit-logs?format=csv&from=2026-01-01T00%3A00%3A00Z",
      "/audit-reads",
      "/activity-logs?offset=50",
    ].map((path) => `/api/v1${path}`);
    for (const path of paths)
      assert.deepEqual([(await fetch(front + path)).status, upstream.asked.at(-1)?.path], [201, path]);
    for (const path of paths) assert.equal((await fetch(front + path, { method: "POST" })).status, 404);
    assert.equal(upstream.asked.length, paths.length);
  });

  it("says that the service is away", async () => {
    const response = await fetch(`${await startFront("http://127.0.0.1:9", proxied.history)}/api/v1/activity-logs`);
    assert.deepEqual(
      [response.status, ((await response.json()) as Problem).detail],
      [503, "the audit logger does not answer"],
    );
  });
});

describe("the reminders of another process", () => {
  it("are read there, and written here", async () => {
    const upstream = await startUpstream();
    const front = await startFront(upstream.url, proxied.reminders);
    for (const path of ["reminders?status=sent", "reminders/1", "reminders/1/trace"]) {
      assert.deepEqual(
        [(await fetch(`${front}/api/v1/${path}`)).status, upstream.asked.at(-1)?.path],
        [201, `/api/v1/${path}`],
      );
      for (const method of ["POST", "PUT", "DELETE"])
        assert.equal((await fetch(`${front}/api/v1/${path}`, { method })).status, 404, `${method} ${path}`);
    }
  });

  it("says that the service is away", async () => {
    const response = await fetch(`${await startFront("http://127.0.0.1:9", proxied.reminders)}/api/v1/reminders`);
    assert.deepEqual(
      [response.status, ((await response.json()) as Problem).detail],
      [503, "the reminder service does not answer"],
    );
  });
});
