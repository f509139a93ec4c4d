import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Problem } from "../../src/contract/problem.ts";
import { createClient } from "../harness/client.ts";
import { until } from "./folders.ts";
import { fillDisk, mountSmallDisk } from "./small-disk.ts";
import { refusal, startTaskflow, stopTaskflow } from "./taskflow.ts";

const limit = { timeout: 300_000 };

interface Readiness {
  readonly status: string;
  readonly missing: readonly string[];
}

test("a full disk: writes answer 503 and say so, reads go on, and it is over by itself", limit, async (t) => {
  const disk = mountSmallDisk(t, 384);
  if (disk === undefined) return;
  const env = { TASKFLOW_DATA_DIR: join(disk, "data"), TASKFLOW_RATE_LIMITS: "off" };
  const taskflow = startTaskflow(t, { env });
  const url = await taskflow.ready;
  const user = await createClient(url).register();
  assert.equal((await user.api("POST", "/tasks", { title: "Before" })).status, 201);
  const readiness = async (): Promise<Readiness> => (await (await fetch(`${url}/health/ready`)).json()) as Readiness;

  const makeRoom = fillDisk(disk);
  await until(async () => (await readiness()).status === "not ready");
  assert.match((await readiness()).missing.join(), /disk of the data folder is full/);
  const said = taskflow.lines.length;
  for (let count = 0; count < 200; count += 1) {
    const refused = await user.api<Problem>("POST", "/tasks", { title: "x".repeat(200) });
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "10");
    assert.match(refused.body.detail ?? "", /The disk of the data folder is full .*nothing was changed/);
  }
  assert.equal((await user.api("GET", "/tasks")).status, 200);
  assert.ok(taskflow.lines.length - said < 20, "not a line for each of 200 requests");

  makeRoom();
  await until(async () => (await user.api("POST", "/tasks", { title: "After" })).status === 201);
  await until(async () => (await readiness()).status === "ready");
  assert.equal((await stopTaskflow(taskflow)).code, 0);
});

test("a start on a full disk is refused in one sentence", limit, async (t) => {
  const disk = mountSmallDisk(t, 384);
  if (disk === undefined) return;
  const env = { TASKFLOW_DATA_DIR: join(disk, "data") };
  mkdirSync(env.TASKFLOW_DATA_DIR);
  const makeRoom = fillDisk(disk);
  assert.match(await refusal(t, { env }), /There is no room left on the disk.*make room and start again/);
  makeRoom();
  const first = startTaskflow(t, { env });
  await first.ready;
  await stopTaskflow(first);
  const makeRoomAgain = fillDisk(disk);
  assert.match(await refusal(t, { env }), /There is no room left on the disk/);
  makeRoomAgain();
  const second = startTaskflow(t, { env });
  await second.ready;
  assert.equal((await stopTaskflow(second)).code, 0);
});
