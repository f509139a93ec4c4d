import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { freePort } from "../infra/ports.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

const status = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
  (await fetch(url, { headers })).status;

describe("what operators ask", () => {
  let open: TaskFlow;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "taskflow-web-"));
    await mkdir(join(folder, "assets"));
    await writeFile(join(folder, "index.html"), "<!doctype html><title>as at the start</title>");
    await writeFile(join(folder, "assets", "main-1.js"), `console.log(${JSON.stringify("x".repeat(5_000))})`);
    open = await startTaskFlow({ env: { TASKFLOW_WEB_DIST: folder } });
  });
  after(async () => {
    await open.stop();
    await rm(folder, { recursive: true });
  });

  it("are metrics for this machine alone, unless they have a port", async () => {
    assert.equal(await status(`${open.url}/metrics`), 200);
    assert.equal(await status(`${open.url}/metrics`, { "x-forwarded-for": "198.51.100.1" }), 403);
  });

  it("are metrics at a port of their own, and nothing else there", async () => {
    const port = await freePort();
    const other = await startTaskFlow({
      databaseUrl: open.databaseUrl,
      env: { TASKFLOW_METRICS_PORT: String(port), TASKFLOW_DOCS: "off", TASKFLOW_READINESS_DETAILS: "off" },
    });
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      assert.match(await answer.text(), /^taskflow_streams_open 0$/m);
      assert.equal(await status(`http://127.0.0.1:${port}/health`), 404);
      assert.equal(await status(`${other.url}/metrics`), 404);
      for (const path of ["/docs", "/openapi.json", "/api/v1/openapi.json"])
        assert.equal(await status(`${other.url}${path}`), 404, path);
      assert.deepEqual(await (await fetch(`${other.url}/health/ready`)).json(), { status: "ready" });
    } finally {
      await other.stop();
    }
  });

  it("are answered to many at once as to one", async () => {
    const paths = ["/health/ready", "/metrics", "/openapi.json", "/assets/main-1.js"];
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, index) => status(`${open.url}${paths[index % paths.length]}`)),
    );
    assert.deepEqual([...new Set(statuses)], [200]);
  });

  it("finds the files of the web app as they were at the start", async () => {
    const page = await fetch(`${open.url}/today`, { headers: { accept: "text/html" } });
    assert.match(await page.text(), /as at the start/);
    assert.equal(page.headers.get("cache-control"), "no-cache");
    const file = await fetch(`${open.url}/assets/main-1.js`);
    assert.match(file.headers.get("content-type") ?? "", /^text\/javascript/);
    assert.match(file.headers.get("cache-control") ?? "", /immutable/);
    const etag = file.headers.get("etag") ?? "";
    assert.match(etag, /^"/);
    assert.equal(await status(`${open.url}/assets/main-1.js`, { "if-none-match": etag }), 304);
    assert.equal((await fetch(`${open.url}/assets/main-1.js`, { method: "HEAD" })).status, 200);
    await writeFile(join(folder, "assets", "main-1.js"), "changed");
    assert.ok((await (await fetch(`${open.url}/assets/main-1.js`)).text()).startsWith("console.log"));
    for (const path of ["/assets/main-1.js.br", "/assets/other.js", "/assets/"])
      assert.equal(await status(`${open.url}${path}`), 404, path);
  });
});
