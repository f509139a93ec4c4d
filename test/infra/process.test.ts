import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test, type TestContext } from "node:test";
import { isAlive } from "../start/processes.ts";
import { freePort, freePorts, isFree, reservePort } from "./ports.ts";
import { startProgram, waitFor, type RunningProgram } from "./process.ts";

const SAYS_READY_AND_STAYS = "console.log('ready ' + process.pid); setInterval(() => {}, 1000);";

describe("a program", () => {
  test("keeps one log over its runs, and runs again with the same arguments", async (t) => {
    const program = script(t, SAYS_READY_AND_STAYS);
    await waitFor(() => program.log().includes("ready"), { what: "the first run", program });
    const first = program.pid();
    assert.equal((await program.kill()).signal, "SIGKILL");
    assert.equal(program.isRunning(), false);
    program.start();
    await waitFor(() => program.log().split("ready").length === 3, { what: "the second run", program });
    assert.notEqual(program.pid(), first);
    assert.match(program.log(), new RegExp(`ready ${first}\nready ${program.pid()}\n`));
  });

  test("is stopped by SIGTERM, and by SIGKILL when it does not listen", async (t) => {
    const polite = script(t, SAYS_READY_AND_STAYS, "polite");
    const deaf = script(t, `process.on("SIGTERM", () => {}); ${SAYS_READY_AND_STAYS}`, "deaf");
    for (const program of [polite, deaf])
      await waitFor(() => program.log().includes("ready"), { what: program.name, program });
    assert.equal((await polite.stop()).signal, "SIGTERM");
    assert.equal((await deaf.stop(100)).signal, "SIGKILL");
  });

  test("that ends while it is waited for fails the wait with the end of its log", async (t) => {
    const program = script(t, "console.error('no such broker'); process.exit(3);");
    await assert.rejects(
      waitFor(() => false, { what: "an answer", program }),
      /ended before an answer[^]*no such broker/,
    );
    assert.equal((await program.exited()).code, 3);
  });

  test("that does not exist ends at once", async (t) => {
    const program = startProgram({ name: "nothing", command: "no-such-command", args: [], folder: folderOf(t) });
    assert.deepEqual(await program.exited(), { code: null, signal: null });
    assert.equal(program.isRunning(), false);
  });

  test("a wait ends in time, and keeps the reason", async () => {
    const failing = waitFor(() => Promise.reject(new Error("connection refused")), { what: "a broker", timeoutMs: 60 });
    await assert.rejects(
      failing,
      (error: Error) => /waited 60 ms for a broker/.test(error.message) && /refused/.test(String(error.cause)),
    );
  });

  for (const [how, end] of Object.entries({
    SIGTERM: "process.kill(process.pid, 'SIGTERM')",
    SIGINT: "process.kill(process.pid, 'SIGINT')",
    "an exception": "throw new Error('on purpose')",
    "process.exit": "process.exit(0)",
  })) {
    test(`is not left behind when the process that started it ends by ${how}`, async (t) => {
      const folder = folderOf(t);
      const parent = spawn(
        process.execPath,
        ["--input-type=module-typescript", "--eval", parentThatEnds(folder, end)],
        { stdio: "ignore" },
      );
      await once(parent, "exit");
      const [, pid] = /ready (\d+)/.exec(readFileSync(join(folder, "orphan.log"), "utf8")) ?? [];
      assert.ok(pid !== undefined);
      await waitFor(() => !isAlive(Number(pid)), { what: "the child to end" });
    });
  }
});

describe("free ports", () => {
  test("are free, different, and outside the range of outgoing connections", async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    assert.equal(new Set(ports).size, ports.length);
    const [lowest] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s+/).map(Number);
    assert.ok(ports.every((port) => port < (lowest ?? 0)));
  });

  test("are given to one process only, until it ends, whether it listens on them or not", async (t) => {
    const [first = 0, second] = await freePorts(2);
    assert.equal(second, first + 1);
    const code = `console.log(await (await import(${JSON.stringify(join(import.meta.dirname, "ports.ts"))})).reservePort(${first}) ? "ready reserved" : "ready refused")`;
    const other = script(t, code);
    await waitFor(() => other.log().includes("ready"), { what: "the other process to ask for it" });
    assert.match(other.log(), /ready refused/);
    assert.equal(await reservePort(first), false);
    assert.equal(await isFree(first), true, "and who was given it may listen");
  });

  test("are not those that someone listens on", async (t) => {
    const server = createServer().listen(await freePort(), "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    assert.equal(await isFree(port), false);
  });
});

function script(t: TestContext, code: string, name = "script"): RunningProgram {
  const program = startProgram({ name, command: process.execPath, args: ["--eval", code], folder: folderOf(t) });
  t.after(() => program.kill());
  return program;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-process-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function parentThatEnds(folder: string, end: string): string {
  return `
    import { startProgram, waitFor } from ${JSON.stringify(join(import.meta.dirname, "process.ts"))};
    const program = startProgram({ name: "orphan", command: process.execPath, args: ["--eval", ${JSON.stringify(SAYS_READY_AND_STAYS)}], folder: ${JSON.stringify(folder)} });
    await waitFor(() => program.log().includes("ready"), { what: "the child", program });
    ${end};
    await new Promise(() => setInterval(() => {}, 1000));
  `;
}
