import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { roleNames } from "../../src/main/settings.ts";
import { freePorts } from "../infra/ports.ts";
import { waitFor } from "../infra/process.ts";
import { requireInfra, testFolder } from "../infra/require-infra.ts";

const main = join(import.meta.dirname, "../../scripts/services/main.ts");
const START_MS = 480_000;
const OPERATOR_PATHS = ["/", "/health", "/health/live", "/health/ready", "/metrics", "/dapr/subscribe"];

test(
  "npm run services: five services that answer, come back when killed, and leave nothing behind",
  { timeout: 1_140_000 },
  async (t) => {
    if ((await requireInfra(t)) === undefined) return;
    const [basePort = 0] = await freePorts(roleNames.length);
    const folder = join(testFolder(), "services");
    const command = run("--base-port", `${basePort}`, "--data-dir", folder);
    t.after(() => command.child.kill("SIGKILL"));
    await command.said(/^TaskFlow is ready at /);

    for (const [index, role] of roleNames.entries()) {
      for (const path of OPERATOR_PATHS) {
        // Readiness looks at what is around it, and a busy machine may answer that late.
        const response = await waitFor(() => answered(`http://127.0.0.1:${basePort + index}${path}`), {
          what: `${role} to answer ${path}`,
        });
        if (path === "/") assert.equal(((await response.json()) as { name: string }).name, role);
        if (path === "/dapr/subscribe") assert.deepEqual(await response.json(), []);
      }
    }
    const tasksElsewhere = await fetch(`http://127.0.0.1:${basePort + 4}/api/v1/tasks`);
    assert.equal(tasksElsewhere.status, 404, "only chat-api has its routes");

    const second = run("--base-port", `${basePort}`, "--data-dir", folder);
    // Not by its exit: what it wrote may be read after that.
    const [code] = (await once(second.child, "close")) as [number];
    assert.deepEqual(
      [code, second.stderr()],
      [1, `taskflow: Port ${basePort} for chat-api is in use by another program; choose others by --base-port.\n`],
    );

    const [victim] = processesOf(folder, ({ commandLine }) => commandLine.includes("src/main/cli.ts"));
    assert.ok(victim !== undefined);
    const role = /TASKFLOW_ROLES=(\S+)/.exec(victim.environment)?.[1];
    const isBack = new RegExp(`^${role} at .*: ready \\(started again \\d+ times?\\)$`);
    const before = command.count(isBack);
    process.kill(victim.pid, "SIGKILL");
    await command.said(isBack, before + 1);

    command.child.kill("SIGINT");
    const [end] = (await once(command.child, "exit")) as [number];
    assert.equal(end, 0);
    assert.deepEqual(
      processesOf(folder, () => true),
      [],
    );
  },
);

function run(...args: readonly string[]) {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
  const lines: string[] = [];
  let errors = "";
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const count = (pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  const said = async (pattern: RegExp, times = 1): Promise<void> => {
    const heard = (): boolean => count(pattern) >= times || child.exitCode !== null;
    await waitFor(heard, { what: String(pattern), timeoutMs: START_MS }).catch((cause: unknown) =>
      assert.fail(`${String(cause)} among ${JSON.stringify(lines)}`),
    );
    assert.equal(child.exitCode, null, `it ended: ${errors}`);
  };
  return { child, said, count, stderr: () => errors };
}

async function answered(address: string): Promise<Response | undefined> {
  const response = await fetch(address);
  return response.ok ? response : undefined;
}

interface Process {
  readonly pid: number;
  readonly commandLine: string;
  readonly environment: string;
}

/** Processes that have the folder in their command line or their environment. */
function processesOf(folder: string, isWanted: (process: Process) => boolean): Process[] {
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8").replaceAll("\0", " ");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({ pid: Number(pid), commandLine: read(pid, "cmdline"), environment: read(pid, "environ") }))
    .filter((found) => `${found.commandLine} ${found.environment}`.includes(folder) && isWanted(found));
}
