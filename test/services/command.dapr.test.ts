import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { roleNames } from "../../src/main/settings.ts";
import { freePort, isFree } from "../infra/ports.ts";
import { waitFor } from "../infra/process.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";

const main = join(import.meta.dirname, "../../scripts/services/main.ts");
const START_MS = 240_000;
const OPERATOR_PATHS = ["/", "/health", "/health/live", "/health/ready", "/metrics", "/dapr/subscribe"];

test("npm run services: five services that answer, come back when killed, and leave nothing behind", { timeout: 580_000 }, async (t) => {
  if ((await requireInfra(t)) === undefined) return;
  const basePort = await freeBase();
  const folder = join(testFolder(), "services");
  const command = run("--base-port", `${basePort}`, "--data-dir", folder);
  t.after(() => command.child.kill("SIGKILL"));
  await command.said(/^TaskFlow is ready at /);

  for (const [index, role] of roleNames.entries()) {
    for (const path of OPERATOR_PATHS) {
      const response = await fetch(`http://127.0.0.1:${basePort + index}${path}`);
      assert.equal(response.status, 200, `${role} ${path}`);
      if (path === "/") assert.equal(((await response.json()) as { name: string }).name, role);
      if (path === "/dapr/subscribe") assert.deepEqual(await response.json(), []);
    }
  }
  const tasksElsewhere = await fetch(`http://127.0.0.1:${basePort + 4}/api/v1/tasks`);
  assert.equal(tasksElsewhere.status, 404, "only chat-api has its routes");

  const second = run("--base-port", `${basePort}`, "--data-dir", folder);
  // Not by its exit: what it wrote may be read after that.
  const [code] = (await once(second.child, "close")) as [number];
  assert.deepEqual([code, second.stderr()], [1, `taskflow: Port ${basePort} for chat-api is in use by another program; choose others by --base-port.\n`]);

  const [victim] = processesOf(folder, (line) => line.includes("src/main/cli.ts"));
  assert.ok(victim !== undefined);
  process.kill(victim, "SIGKILL");
  await command.said(/: ready \(started again 1 time\)$/);

  command.child.kill("SIGINT");
  const [end] = (await once(command.child, "exit")) as [number];
  assert.equal(end, 0);
  assert.deepEqual(processesOf(folder, () => true), []);
});

/** Five free ports in a row. */
async function freeBase(): Promise<number> {
  for (;;) {
    const base = await freePort();
    const free = await Promise.all(roleNames.map((_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
}

function run(...args: readonly string[]) {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  const lines: string[] = [];
  let errors = "";
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const said = async (pattern: RegExp): Promise<void> => {
    const heard = (): boolean => {
      assert.equal(child.exitCode, null, `it ended: ${errors}`);
      return lines.some((line) => pattern.test(line));
    };
    await waitFor(heard, { what: `${String(pattern)} among ${JSON.stringify(lines)}`, timeoutMs: START_MS });
  };
  return { child, said, stderr: () => errors };
}

/** Processes that have the folder in their command line or their environment. */
function processesOf(folder: string, wanted: (commandLine: string) => boolean): number[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => `${read(pid, "cmdline")} ${read(pid, "environ")}`.includes(folder) && wanted(read(pid, "cmdline")))
    .map(Number);
}
