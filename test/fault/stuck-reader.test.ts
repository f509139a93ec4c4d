import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { BulkAnswer } from "../../src/contract/task.ts";
import { until } from "../start/folders.ts";
import { openStream, range, sequences } from "../stream/event-stream.ts";
import { followStream } from "./services/follower.ts";
import { createSingleProcess } from "./single-process.ts";

const residentMib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const BULK = 100;
/** Events of some 20 KB (the task, and its changes), 160 MB in all: what a queue without a bound would hold. */
const BULKS = 80;
const description = "é".repeat(5_000);
/** A heap that has just made 8,000 such events, and nothing that is kept of them. */
const MOST_GROWTH_MIB = 200;

test(
  "a client that stops reading costs bounded memory, holds nobody up, is dropped and resumes without a gap",
  { timeout: 600_000, skip: process.platform !== "linux" },
  async (t) => {
    const taskflow = await createSingleProcess(t, { TASKFLOW_STREAM_IDLE_SECONDS: "5" });
    await taskflow.start();
    const [user] = await taskflow.register(1);
    assert.ok(user);
    const stuck = await openStream(taskflow.url, { token: user.token });
    // On a busy machine it may be slow enough to be dropped as well; then it goes on where it was, as a screen does.
    const healthy = followStream(taskflow.url, user.token);
    t.after(healthy.stop);
    stuck.pause();

    const write = async (): Promise<void> => {
      const operations = Array.from({ length: BULK }, (_none, index) => ({
        op: "create",
        task: { title: `${index}`, description },
      }));
      assert.equal((await user.api<BulkAnswer>("POST", "/tasks/bulk", { operations })).status, 200);
    };
    for (let count = 0; count < 10; count += 1) await write();
    const warm = residentMib(taskflow.current().pid);
    for (let count = 10; count < BULKS; count += 1) await write();
    const grown = residentMib(taskflow.current().pid) - warm;
    t.diagnostic(
      `resident memory grew by ${grown.toFixed(0)} MiB while ${BULK * BULKS} events of 20 KB passed a reader that reads nothing`,
    );
    assert.ok(grown < MOST_GROWTH_MIB, `${grown} MiB`);

    await until(() => healthy.newest() === BULK * BULKS);
    assert.deepEqual(healthy.sequences, range(1, BULK * BULKS), "the other screen has seen everything");
    const isDropped = async (): Promise<boolean> =>
      /^taskflow_streams_open 1$/m.test(await (await fetch(`${taskflow.url}/metrics`)).text());
    await until(isDropped);
    stuck.resume();
    await stuck.ended;
    const seen = sequences(stuck.events);
    assert.ok(seen.length < BULK * BULKS);
    assert.deepEqual(seen, range(1, seen.length), "what it got is in order");
    const resumed = followStream(taskflow.url, user.token, seen.length);
    t.after(resumed.stop);
    await until(() => resumed.newest() === BULK * BULKS);
    assert.deepEqual(resumed.sequences, range(seen.length + 1, BULK * BULKS));
  },
);
