import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let taskflow: TaskFlow;
let user: TestUser;

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register();
  const operations = Array.from({ length: 50 }, (_, index) => ({ op: "create", task: { title: `task ${index}` } }));
  await user.api("POST", "/tasks/bulk", { operations });
});
after(() => taskflow.stop());

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As it comes over the wire: `fetch` would decompress it. */
const ask = (path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const asked = request(
      `${taskflow.url}${path}`,
      { method: body === undefined ? "GET" : "POST", headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });

const read = (headers: Readonly<Record<string, string>> = {}) => ({
  authorization: `Bearer ${user.token}`,
  ...headers,
});

describe("an answer", () => {
  it("is compressed as the client likes best", async () => {
    const plain = await ask("/api/v1/tasks", read());
    assert.equal(plain.headers["content-encoding"], undefined);
    const accepted = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [encoding, decompress] of Object.entries(accepted)) {
      const { headers, body } = await ask("/api/v1/tasks", read({ "accept-encoding": encoding }));
      assert.equal(headers["content-encoding"], encoding);
      assert.match(String(headers.vary), /accept-encoding/i);
      assert.ok(body.length < plain.body.length / 4, `${body.length} of ${plain.body.length} bytes`);
      assert.deepEqual(JSON.parse(decompress(body).toString()), JSON.parse(plain.body.toString()));
    }
    const any = await ask("/api/v1/tasks", read({ "accept-encoding": "gzip, deflate, br" }));
    assert.equal(any.headers["content-encoding"], "br");
  });

  it("that is small, or a stream, is not", async () => {
    const accepting = read({ "accept-encoding": "br, gzip" });
    assert.equal((await ask("/api/v1/auth/me", accepting)).headers["content-encoding"], undefined);
    const file = await ask("/api/v1/audit-logs?format=csv", accepting);
    assert.equal(file.headers["content-encoding"], undefined);
    assert.equal(file.status, 200);
  });
});

describe("the OpenAPI document", () => {
  it("is compressed once, and known by its ETag in each encoding", async () => {
    const plain = await ask("/openapi.json", {});
    for (const [encoding, decompress] of Object.entries({ br: brotliDecompressSync, gzip: gunzipSync })) {
      const { headers, body } = await ask("/openapi.json", { "accept-encoding": encoding });
      assert.equal(headers["content-encoding"], encoding);
      assert.deepEqual(decompress(body), plain.body);
      assert.notEqual(headers.etag, plain.headers.etag);
      const again = await ask("/openapi.json", { "accept-encoding": encoding, "if-none-match": String(headers.etag) });
      assert.deepEqual([again.status, again.body.length], [304, 0]);
    }
    const known = await ask("/api/v1/openapi.json", { "if-none-match": `"other", W/${String(plain.headers.etag)}` });
    assert.equal(known.status, 304);
  });
});
