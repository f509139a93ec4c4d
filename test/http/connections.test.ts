import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { createServerWithTurns } from "../../src/main/http/request-turns.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { countOf, get, openConnection } from "./raw-connection.ts";

let taskflow: TaskFlow;
before(async () => {
  taskflow = await startTaskFlow();
});
after(() => taskflow.stop());

describe("requests that are pipelined on one connection", () => {
  it("are answered in order", async () => {
    const connection = await openConnection(taskflow.url);
    const paths = ["/health/live", "/nothing", "/", "/health", "/openapi.json", "/health/ready"];
    connection.send(paths.map(get).join(""));
    await until("all answers", () => connection.answered().includes('"ready"'));
    assert.deepEqual(connection.answered().match(/(?<=HTTP\/1\.1 )\d+/g), ["200", "404", "200", "200", "200", "200"]);
    connection.socket.destroy();
  });

  it("may have bodies, and be answered slowly", async () => {
    const user = await taskflow.client.register();
    const connection = await openConnection(taskflow.url);
    const add = (title: string): string => {
      const body = JSON.stringify({ title });
      return `POST /api/v1/tasks HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${user.token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    };
    connection.send(["first", "second", "third"].map(add).join(""));
    await until("all answers", () => countOf(connection.answered(), /HTTP\/1\.1 201/) === 3);
    assert.deepEqual(
      (await taskflow.events(user.userId)).map(({ task }) => task.title),
      ["first", "second", "third"],
    );
    connection.socket.destroy();
  });

  it("are refused, in order, when too many wait, and the connection ends", async () => {
    const connection = await openConnection(taskflow.url);
    connection.send(get("/openapi.json").repeat(1_600));
    const answers = await connection.ended();
    assert.equal(countOf(answers, /HTTP\/1\.1 200/), 33);
    assert.equal(countOf(answers, /HTTP\/1\.1 429/), 1);
    assert.match(
      answers.slice(answers.lastIndexOf("HTTP/1.1")),
      /^HTTP\/1\.1 429[^]*connection: close[^]*rate_limited/,
    );
  });

  it("make one answer at a time, however slowly it is read", async () => {
    const slow = await Promise.all(Array.from({ length: 20 }, () => openConnection(taskflow.url, { reads: false })));
    for (const connection of slow) connection.send(get("/openapi.json").repeat(30));
    const quick = await openConnection(taskflow.url);
    quick.send(get("/health/live"));
    await until("liveness beside them", () => quick.answered().includes('"ok"'));
    for (const { socket } of [...slow, quick]) socket.destroy();
  });

  it("behind one whose client has gone are not begun", async () => {
    const user = await taskflow.client.register();
    const connection = await openConnection(taskflow.url);
    connection.send(
      `GET /api/v1/notifications/stream HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${user.token}\r\n\r\n`,
    );
    await until("the stream to be open", () => connection.answered().includes("event: hello"));
    connection.send(get("/health"));
    await connection.ended();
    assert.equal(countOf(connection.answered(), /HTTP\/1\.1/), 1);
  });
});

describe("a connection that ends with an answer to a request that is still being sent", () => {
  const begin = (length: number): string =>
    `POST /api/v1/tasks HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`;

  it("takes the rest, so that the answer is not lost", async () => {
    const body = "x".repeat(20_000_000);
    const connection = await openConnection(taskflow.url, { reads: false });
    connection.send(begin(body.length));
    await new Promise((resolve) => connection.socket.write(body, resolve));
    connection.read();
    assert.match(await connection.ended(), /^HTTP\/1\.1 401[^]*unauthenticated/);
  });

  it("is cut when the rest does not come", async () => {
    const server = createServerWithTurns(
      (_request, response) => response.writeHead(413, { connection: "close" }).end(),
      {
        requestTimeoutMs: 300_000,
      },
    );
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const client = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    client.resume().write(begin(20_000_000));
    await once(client, "end");
    await until(
      "the server has no connection",
      async () => (await promisify(server.getConnections.bind(server))()) === 0,
    );
    client.destroy();
    server.close();
  });
});
