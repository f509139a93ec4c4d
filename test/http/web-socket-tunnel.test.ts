import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import type { FastifyInstance } from "fastify";
import { WebSocket } from "ws";
import type { StreamTicket } from "../../src/contract/stream.ts";
import type { Problem } from "../../src/contract/problem.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { createServer } from "../../src/main/http/server.ts";
import { tunnelWebSockets } from "../../src/main/http/web-socket-tunnel.ts";
import { pino } from "pino";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { openWebSocket } from "../stream/web-socket-stream.ts";

/** Everything in one process, and the server of another one in front of it. */
let behind: TaskFlow;
let front: string;
const running: FastifyInstance[] = [];

const startFront = async (upstream: string): Promise<{ url: string; stop(): Promise<void> }> => {
  const server = await createServer({
    log: pino({ level: "silent" }),
    services: [],
    described: [],
    metrics: createMetrics(),
    trustProxy: false,
    webDist: undefined,
    plugins: [tunnelWebSockets(upstream)],
    rules: {
      verifier: { verify: () => Promise.reject(new Error("nobody asks")) },
      credentials: {
        hasEnded: () => false,
        onEnd: () => () => undefined,
        look: () => Promise.resolve(),
        living: () => Promise.resolve(new Set()),
      },
      limits: undefined,
      started: () => true,
      cannotWrite: () => undefined,
    },
    health: { name: "front", version: "0", namesMissing: true, missing: () => Promise.resolve([]) },
    metricsReaders: "anyone",
    docs: false,
  });
  running.push(server);
  return { url: await server.listen({ host: "127.0.0.1", port: 0 }), stop: () => server.close() };
};

before(async () => {
  behind = await startTaskFlow();
  front = (await startFront(behind.url)).url;
});
after(async () => {
  await Promise.all(running.map((server) => server.close()));
  await behind.stop();
});

describe("a WebSocket to another process", () => {
  it("brings the same frames, by first message and by ticket", async () => {
    const user = await behind.client.register();
    const { body } = await user.api<StreamTicket>("POST", "/notifications/stream-ticket");
    const streams = [await openWebSocket(front, user), await openWebSocket(front, { ticket: body.ticket })];
    for (const title of ["1", "2", "3"]) await user.api("POST", "/tasks", { title });
    for (const stream of streams) {
      assert.deepEqual(
        (await stream.received(4)).map(({ event }) => event),
        ["hello", "task.created", "task.created", "task.created"],
      );
      stream.cut();
    }
  });

  it("keeps the address, the origin and the reasons of a refusal", async () => {
    const [ada, bob] = [await behind.client.register(), await behind.client.register()];
    const owned = await openWebSocket(front, {
      token: ada.token,
      path: `/api/ws/${ada.userId}`,
      headers: { origin: front },
    });
    assert.equal((await owned.received(1))[0]?.event, "hello");
    owned.cut();
    const { closed } = await openWebSocket(front, { token: ada.token, path: `/api/ws/${bob.userId}` });
    assert.equal((await closed).code, 4404);
    const foreign = await openWebSocket(front, { token: ada.token, headers: { origin: "https://evil.example" } });
    assert.deepEqual([foreign.status, (await foreign.body<Problem>()).code], [403, "forbidden"]);
    assert.equal((await openWebSocket(front, { ticket: "nonsense" })).status, 401);
  });

  it("is dropped when the client at its end reads nothing", async (t) => {
    const impatient = await startTaskFlow({
      env: { TASKFLOW_STREAM_HEARTBEAT_SECONDS: "1", TASKFLOW_STREAM_IDLE_SECONDS: "2" },
    });
    t.after(() => impatient.stop());
    const stream = await openWebSocket((await startFront(impatient.url)).url, await impatient.client.register());
    await stream.received(1);
    stream.pause();
    await until("its place is free", async () =>
      (await (await fetch(`${impatient.url}/metrics`)).text()).includes("\ntaskflow_streams_open 0\n"),
    );
    stream.cut();
  });

  it("ends with the process in front, and says when the one behind is away", async () => {
    const other = await startFront(behind.url);
    const stream = await openWebSocket(other.url, await behind.client.register());
    await stream.received(1);
    await other.stop();
    await stream.closed;

    const alone = await startFront("http://127.0.0.1:9");
    const refused = await openWebSocket(alone.url, { ticket: "any" });
    assert.deepEqual(
      [refused.status, refused.headers["retry-after"], (await refused.body<Problem>()).code],
      [503, "1", "unavailable"],
    );
    const elsewhere = new WebSocket(`${alone.url.replace("http", "ws")}/metrics`);
    const [, response] = (await once(elsewhere, "unexpected-response")) as [
      unknown,
      { statusCode: number; destroy(): void },
    ];
    assert.equal(response.statusCode, 200, "an ordinary request, answered as one");
    response.destroy();
    await alone.stop();
  });
});
