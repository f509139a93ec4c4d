import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import { assertRefused } from "../harness/refusal.ts";
import { until } from "../start/folders.ts";
import { childrenOf } from "../start/processes.ts";
import { createLedger, judge } from "./ledger.ts";
import { startLoad } from "./load.ts";
import { readRest } from "./rest.ts";
import { createSingleProcess } from "./single-process.ts";

/** Resident memory of a process in MiB, from the kernel. */
const residentMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

/** More than one process of this size ever needs; a queue without a bound would pass it. */
const MOST_MIB = 500;

test(
  "PostgreSQL away under load: 503 with Retry-After, nothing half done, back by itself",
  { timeout: 600_000 },
  async (t) => {
    const taskflow = await createSingleProcess(t);
    await taskflow.start();
    const users = await taskflow.register(2);
    const ledger = createLedger();
    const load = startLoad({ url: taskflow.url, users, writersPerUser: 16, ledger });
    t.after(() => load.stop());
    await until(() => ledger.answered >= 100);

    const away = load.statuses.get(503) ?? 0;
    process.kill(taskflow.postgresPid(), "SIGQUIT");
    await until(() => (load.statuses.get(503) ?? 0) > away);
    await until(async () => (await fetch(`${taskflow.url}/health/ready`)).ok);
    const enough = ledger.answered + 100;
    await until(() => ledger.answered >= enough);
    await load.stop();

    assert.equal(load.withoutRetryAfter, 0);
    assert.equal(load.statuses.get(500), undefined);
    assert.ok(residentMib(taskflow.current().pid) < MOST_MIB);
    const { writes, lost, doubled, faults } = judge(ledger, await readRest(taskflow.databaseUrl));
    t.diagnostic(
      `${writes} writes, 1 kill, ${lost} lost, ${doubled} doubled; answers ${JSON.stringify(Object.fromEntries(load.statuses))}`,
    );
    assert.deepEqual({ lost, doubled, faults }, { lost: 0, doubled: 0, faults: [] });
    await taskflow.proveHistory();
  },
);

test(
  "PostgreSQL that hangs: requests are refused in time, and memory stays bounded",
  { timeout: 600_000, skip: process.platform !== "linux" },
  async (t) => {
    const taskflow = await createSingleProcess(t);
    await taskflow.start();
    const [user] = await taskflow.register(1);
    assert.ok(user);
    const { api } = user;
    await api("POST", "/tasks", { title: "before" });
    const stopped = stopPostgres(taskflow.postgresPid());
    try {
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_none, index) => api<Problem>("POST", "/tasks", { title: `during ${index}` })),
      );
      for (const answer of answers) {
        assertRefused(answer, 503, "unavailable");
        assert.ok(Number(answer.headers.get("retry-after")) >= 1);
      }
      assert.equal((await fetch(`${taskflow.url}/health/live`)).status, 200, "the process itself lives");
      assert.equal((await fetch(`${taskflow.url}/health/ready`)).status, 503);
      assert.ok(residentMib(taskflow.current().pid) < MOST_MIB);
    } finally {
      for (const pid of stopped) process.kill(pid, "SIGCONT");
    }
    await until(async () => (await api("POST", "/tasks", { title: "after" })).status === 201);
    await taskflow.proveHistory();
  },
);

/** Stops PostgreSQL's postmaster, so that it starts no process more, and then all that it has started. */
const stopPostgres = (postmaster: number): number[] => {
  process.kill(postmaster, "SIGSTOP");
  const pids = [postmaster, ...childrenOf(postmaster)];
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  return pids;
};
