import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Client } from "pg";
import { runningServerUrl } from "../../src/adapters/db/embedded/running-server.ts";
import { socketUrl } from "../../src/adapters/db/embedded/socket-folder.ts";
import { postmasterPid, temporaryFolder, until } from "./folders.ts";
import { childrenOf, commandLine, isAlive } from "./processes.ts";
import { refusal, startTaskflow, stopTaskflow } from "./taskflow.ts";

const limit = { timeout: 300_000 };

/** Another way into the database of a data folder, as an administrator has it. */
async function query(dataDir: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: socketUrl(join(dataDir, "run")) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** As a snapshot of the file system has it: sockets too, owners and times kept, all as it was at one moment. */
function copyWhileFrozen(server: number, from: string, to: string): void {
  const processes = [server, ...childrenOf(server)];
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  try {
    spawnSync("cp", ["-a", from, to], { stdio: "ignore" });
  } finally {
    for (const pid of processes) process.kill(pid, "SIGCONT");
  }
}

test("what was written outlives a stop, and the folder may move in between", limit, async (t) => {
  const folder = temporaryFolder(t);
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(folder, "data") } });
  await first.ready;
  await query(join(folder, "data"), "CREATE TABLE kept AS SELECT 42 AS answer");
  assert.equal((await stopTaskflow(first)).code, 0);
  renameSync(join(folder, "data"), join(folder, "moved"));
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(folder, "moved") } });
  await second.ready;
  assert.deepEqual(await query(join(folder, "moved"), "SELECT answer FROM kept"), [{ answer: 42 }]);
  await stopTaskflow(second);
});

test("a second start on the folder is refused, naming the first one's pid and address", limit, async (t) => {
  const env = { TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data") };
  const first = startTaskflow(t, { env });
  const address = await first.ready;
  const sentence = await refusal(t, { env });
  assert.equal(
    sentence,
    `taskflow: Another TaskFlow uses the data folder ${env.TASKFLOW_DATA_DIR} (pid ${first.pid}, ${address}).`,
  );
  assert.equal((await fetch(`${address}/health/live`)).status, 200);
  await stopTaskflow(first);
});

test("of two starts at once on one new folder, one runs and the other is refused", limit, async (t) => {
  const env = { TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data") };
  const both = [startTaskflow(t, { env }), startTaskflow(t, { env })];
  const refused = await Promise.race(both.map(async (taskflow) => ({ taskflow, end: await taskflow.ended })));
  assert.equal(refused.end.code, 1);
  assert.match(refused.end.stderr, /^taskflow: Another TaskFlow uses the data folder .*\n$/);
  const running = both.find((taskflow) => taskflow !== refused.taskflow);
  await running?.ready;
  running?.kill("SIGTERM");
  assert.equal((await running?.ended)?.code, 0);
});

test(
  "after kill -9 the server left behind is stopped and the folder used again, with all that was committed",
  limit,
  async (t) => {
    const dataDir = join(temporaryFolder(t), "data");
    const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
    await first.ready;
    await query(dataDir, "CREATE TABLE kept AS SELECT 42 AS answer");
    const orphan = postmasterPid(dataDir);
    first.kill("SIGKILL");
    await first.ended;
    assert.ok(isAlive(orphan), "PostgreSQL is left running");
    const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
    await second.ready;
    assert.ok(!isAlive(orphan), "and stopped by the next start");
    assert.deepEqual(await query(dataDir, "SELECT answer FROM kept"), [{ answer: 42 }]);
    await stopTaskflow(second);
  },
);

const onLinux = { ...limit, skip: process.platform !== "linux" };

test("a start on a copy of a running data folder leaves the original alone", onLinux, async (t) => {
  const folder = temporaryFolder(t);
  const [original, copy] = [join(folder, "data"), join(folder, "copy")];
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: original } });
  const address = await first.ready;
  await query(original, "CREATE TABLE kept AS SELECT 42 AS answer");
  const server = postmasterPid(original);
  copyWhileFrozen(server, original, copy);
  assert.equal(postmasterPid(copy), server, "the copy names the original's server");
  assert.equal(await runningServerUrl(copy), undefined, "which is not the copy's");
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: copy } });
  await second.ready;
  await query(copy, "UPDATE kept SET answer = 43");
  assert.equal(postmasterPid(original), server);
  assert.ok(isAlive(server));
  assert.deepEqual(await query(original, "SELECT answer FROM kept"), [{ answer: 42 }]);
  await until(async () => (await fetch(`${address}/health/ready`)).status === 200);
  assert.equal((await stopTaskflow(second)).code, 0);
  assert.equal((await stopTaskflow(first)).code, 0);
  assert.ok(!first.lines.some((line) => line.includes("PostgreSQL died")));
});

test("a server left behind is stopped also after its folder was moved", limit, async (t) => {
  const folder = temporaryFolder(t);
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(folder, "data") } });
  await first.ready;
  const orphan = postmasterPid(join(folder, "data"));
  first.kill("SIGKILL");
  await first.ended;
  renameSync(join(folder, "data"), join(folder, "moved"));
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(folder, "moved") } });
  await second.ready;
  assert.ok(!isAlive(orphan));
  assert.equal((await stopTaskflow(second)).code, 0);
});

test("kill -9 of TaskFlow and PostgreSQL together, as a power cut does it", limit, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await first.ready;
  await query(dataDir, "CREATE TABLE kept AS SELECT 42 AS answer");
  const server = postmasterPid(dataDir);
  first.kill("SIGKILL");
  process.kill(server, "SIGKILL");
  await first.ended;
  await until(() => !isAlive(server));
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await second.ready;
  assert.deepEqual(await query(dataDir, "SELECT answer FROM kept"), [{ answer: 42 }]);
  await stopTaskflow(second);
});

test("a start waits for the processes of a killed PostgreSQL that still run", onLinux, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await first.ready;
  await query(dataDir, "CREATE TABLE kept AS SELECT 42 AS answer");
  const server = postmasterPid(dataDir);
  const slow = childrenOf(server).find((pid) => commandLine(pid).includes("checkpointer"));
  assert.ok(slow !== undefined);
  process.kill(slow, "SIGSTOP");
  t.after(() => isAlive(slow) && process.kill(slow, "SIGKILL"));
  for (const pid of [first.pid, server]) process.kill(pid, "SIGKILL");
  await first.ended;
  await until(() => !isAlive(server));
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await until(() => second.lines.some((line) => line.includes("processes of a killed PostgreSQL server still run")));
  process.kill(slow, "SIGCONT");
  await second.ready;
  assert.deepEqual(await query(dataDir, "SELECT answer FROM kept"), [{ answer: 42 }]);
  await stopTaskflow(second);
});

test("kill -9 in the middle of the first start leaves nothing in the way of the next", limit, async (t) => {
  const dataDir = temporaryFolder(t);
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  const isUnfinished = (): boolean => readdirSync(dataDir).some((name) => name.startsWith("postgres.unfinished-"));
  await until(isUnfinished);
  first.kill("SIGKILL");
  await first.ended;
  // Whoever looks late finds it finished.
  assert.notEqual(isUnfinished(), readdirSync(dataDir).includes("postgres"), "a half-made database is not called one");
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await second.ready;
  assert.equal((await stopTaskflow(second)).code, 0);
});

test("a pid that is another program's by now does not keep the database from starting", limit, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const first = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await first.ready;
  await stopTaskflow(first);
  writeFileSync(
    join(dataDir, "postgres", "postmaster.pid"),
    `${process.pid}\n${join(dataDir, "postgres")}\n1\n5432\n\n\n\nready   \n`,
  );
  const second = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await second.ready;
  await stopTaskflow(second);
});

test("PostgreSQL that dies is started again, and TaskFlow is ready again by itself", limit, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  const address = await taskflow.ready;
  const server = postmasterPid(dataDir);
  process.kill(server, "SIGKILL");
  await until(() => !isAlive(server));
  await until(async () => (await query(dataDir, "SELECT 1").catch(() => [])).length === 1);
  await until(async () => (await fetch(`${address}/health/ready`)).status === 200);
  assert.notEqual(postmasterPid(dataDir), server);
  assert.equal((await stopTaskflow(taskflow)).code, 0);
});

test("a data folder with a path too long for a socket", limit, async (t) => {
  const parent = join(temporaryFolder(t), "a".repeat(60), "b".repeat(60));
  mkdirSync(parent, { recursive: true });
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(parent, "data") } });
  await taskflow.ready;
  assert.ok(!readdirSync(join(parent, "data")).includes("run"));
  const [, socketFolder = ""] =
    readFileSync(join(parent, "data", "postgres", "postmaster.pid"), "utf8").match(/^(\/.*\/taskflow-[0-9a-f]+)$/m) ??
    [];
  assert.ok(existsSync(socketFolder), "it lies below the temporary folder");
  assert.equal((await stopTaskflow(taskflow)).code, 0);
  assert.ok(!existsSync(socketFolder), "and goes with the server");
});
