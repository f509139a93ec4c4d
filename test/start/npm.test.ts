import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { installInto, installs, makeClone, slowNpm, type Started, startIn } from "./clone.ts";
import { postmasterPid, until } from "./folders.ts";
import { childrenOf, isAlive } from "./processes.ts";

const limit = { timeout: 300_000, skip: process.platform !== "linux" };
const version = (
  JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string }
).version;

/** TaskFlow on a data folder of its own, started by this command and ready. */
async function startBy(t: TestContext, command: readonly string[]) {
  const clone = makeClone(t);
  installInto(clone);
  const dataDir = join(clone, "data");
  const launcher = startIn(t, clone, command, { TASKFLOW_DATA_DIR: dataDir, TASKFLOW_PORT: "0", ...longStop });
  await ready(launcher);
  const { pid: taskflow } = JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")) as { pid: number };
  return { launcher, taskflow, dataDir, server: postmasterPid(dataDir) };
}

const longStop = { TASKFLOW_SHUTDOWN_SECONDS: "60" };

async function ready({ lines, ended }: Started): Promise<void> {
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  await until(() => {
    assert.ok(!hasEnded, `ended before it was ready: ${lines.join("\n")}`);
    return lines.some((line) => line.includes("TaskFlow is ready at"));
  });
}

/** That PostgreSQL was shut down, and not left to recover at the next start. */
function assertStoppedInOrder({ dataDir, server }: { dataDir: string; server: number }): void {
  assert.ok(!isAlive(server));
  assert.ok(!existsSync(join(dataDir, "postgres", "postmaster.pid")), "an orderly shutdown leaves no pid file");
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} to npm start stops TaskFlow, and npm ends after it`, limit, async (t) => {
    const started = await startBy(t, ["npm", "start"]);
    started.launcher.kill(signal);
    await started.launcher.ended;
    assert.ok(!isAlive(started.taskflow));
    assertStoppedInOrder(started);
  });
}

for (const signal of ["SIGKILL", "SIGHUP"] as const) {
  test(`TaskFlow stops by itself when ${signal} ends its npm`, limit, async (t) => {
    const started = await startBy(t, ["npm", "start"]);
    started.launcher.kill(signal);
    await started.launcher.ended;
    await until(() => !isAlive(started.taskflow));
    assertStoppedInOrder(started);
  });
}

test("a TaskFlow that a shell started in the background outlives the shell", limit, async (t) => {
  const started = await startBy(t, ["sh", "-c", "node scripts/start.mjs & read -r never < /dev/zero; wait"]);
  started.launcher.kill("SIGKILL");
  await started.launcher.ended;
  const { address } = JSON.parse(readFileSync(join(started.dataDir, "running.json"), "utf8")) as { address: string };
  assert.equal((await fetch(`${address}/health/live`)).status, 200);
  process.kill(started.taskflow, "SIGTERM");
  await until(() => !isAlive(started.taskflow));
  assertStoppedInOrder(started);
});

const ownPids = ["unshare", "--pid", "--fork", "--mount-proc"];

for (const command of [
  ["npm", "start"],
  ["node", "scripts/start.mjs"],
]) {
  test(`SIGTERM to ${command.join(" ")} as pid 1 stops TaskFlow in order`, limit, async (t) => {
    if (spawnSync(ownPids[0] ?? "", [...ownPids.slice(1), "true"]).status !== 0) {
      assert.ok(!process.env["CI"], "this user may not make a pid namespace");
      return t.skip("this user may not make a pid namespace");
    }
    const clone = makeClone(t);
    installInto(clone);
    const dataDir = join(clone, "data");
    const env = { TASKFLOW_DATA_DIR: dataDir, TASKFLOW_PORT: "0", ...longStop };
    const container = startIn(t, clone, [...ownPids, ...command], env);
    await ready(container);
    const [first = 0] = childrenOf(container.pid);
    process.kill(first, "SIGTERM");
    await container.ended;
    assert.ok(container.lines.some((line) => line.includes('"stopped"')));
    assert.ok(!existsSync(join(dataDir, "postgres", "postmaster.pid")));
  });
}

const start = ["node", "scripts/start.mjs", "--version"];

test("of two starts on a bare clone one installs and the other waits", limit, async (t) => {
  const clone = makeClone(t);
  const env = { npm_execpath: slowNpm(clone) };
  const both = [startIn(t, clone, start, env), startIn(t, clone, start, env)];
  await until(() => both.some(({ lines }) => lines.some((line) => line.includes("waiting for it"))));
  writeFileSync(join(clone, "go"), "");
  for (const one of both) {
    assert.equal((await one.ended).code, 0);
    await until(() => one.lines.at(-1) === version);
  }
  assert.equal(installs(clone).length, 1);
});

test("an install whose start was killed is waited for, and done anew when it ended too", limit, async (t) => {
  const clone = makeClone(t);
  const env = { npm_execpath: slowNpm(clone) };
  const first = startIn(t, clone, start, env);
  await until(() => installs(clone).length === 1);
  first.kill("SIGKILL");
  await first.ended;
  const second = startIn(t, clone, start, env);
  await until(() => second.lines.some((line) => line.includes("waiting for it")));
  assert.equal(installs(clone).length, 1, "the orphaned install still has the lock");
  for (const pid of installs(clone)) process.kill(pid, "SIGKILL");
  await until(() => installs(clone).length === 2);
  writeFileSync(join(clone, "go"), "");
  assert.equal((await second.ended).code, 0);
});

test("SIGTERM in the middle of an install ends the install and the start", limit, async (t) => {
  const clone = makeClone(t);
  const first = startIn(t, clone, start, { npm_execpath: slowNpm(clone) });
  await until(() => installs(clone).length === 1);
  first.kill("SIGTERM");
  assert.deepEqual(await first.ended, { code: 143, signal: null });
  for (const pid of installs(clone)) await until(() => !isAlive(pid));
});
