import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { postmasterPid, temporaryFolder, until } from "./folders.ts";
import { isAlive } from "./processes.ts";
import { startTaskflow } from "./taskflow.ts";

const limit = { timeout: 300_000 };

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  test(`${signal} stops TaskFlow and then its PostgreSQL, with nothing cut short`, limit, async (t) => {
    const dataDir = join(temporaryFolder(t), "data");
    const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
    await taskflow.ready;
    const server = postmasterPid(dataDir);
    taskflow.kill(signal);
    assert.deepEqual(await taskflow.ended, { code: 0, signal: null, stderr: "" });
    assert.ok(!isAlive(server));
    assert.ok(!existsSync(join(dataDir, "postgres", "postmaster.pid")), "an orderly shutdown leaves no pid file");
  });
}

test("a signal during the start stops it as soon as it is up", limit, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await until(() => existsSync(join(dataDir, "taskflow.lock")));
  taskflow.kill("SIGTERM");
  assert.equal((await taskflow.ended).code, 0);
  assert.ok(!existsSync(join(dataDir, "postgres", "postmaster.pid")));
});

test("a client that keeps its connection does not hold up the stop", limit, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir, TASKFLOW_SHUTDOWN_SECONDS: "4" } });
  const { hostname, port } = new URL(await taskflow.ready);
  const client = connect(Number(port), hostname);
  client.on("error", () => undefined);
  await once(client, "connect");
  client.write(
    "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  taskflow.kill("SIGTERM");
  await taskflow.ended;
  client.destroy();
  assert.ok(!existsSync(join(dataDir, "postgres", "postmaster.pid")), "PostgreSQL is stopped in order all the same");
});
