import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";

let folder: string;
let taskflow: TaskFlow;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "taskflow-web-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<p>app</p>");
  await writeFile(join(folder, "assets", "app.js"), "app");
  taskflow = await startTaskFlow({ env: { TASKFLOW_WEB_DIST: folder } });
});

after(async () => {
  await taskflow.stop();
  await rm(folder, { recursive: true });
});

/** `fetch` would tidy the path. */
async function statusOf(path: string): Promise<number> {
  const { hostname, port } = new URL(taskflow.url);
  const [answer] = (await once(request({ hostname, port, path }).end(), "response")) as [IncomingMessage];
  assert.ok(!(await text(answer)).includes("root:"), path);
  return answer.statusCode ?? 0;
}

const escapes = [
  "%2e%2e/",
  "%2e%2e",
  "../",
  "..%2f",
  "..%5c",
  "%2e%2e%2fetc/passwd",
  "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
  "%252e%252e/",
  "%00",
  "a%00.js",
  "%",
  "%zz",
  "%ff",
  "%c0%ae%c0%ae/",
  ".",
  "./",
  ".git/config",
  ".hidden",
  "//",
  "a/%2e%2e/%2e%2e/",
  "con",
  "x".repeat(5_000),
];

test("no path below a folder of files is a fault of the server, or leads out of the folder", async () => {
  for (const prefix of ["/", "/assets/", "/docs/", "/docs/static/"]) {
    for (const escape of escapes) {
      const status = await statusOf(`${prefix}${escape}`);
      assert.ok(status >= 200 && status < 500, `${prefix}${escape.slice(0, 60)} is answered ${status}`);
    }
  }
  assert.doesNotMatch(taskflow.logged(), /a request failed/);
});
