import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import type { TestUser } from "../harness/client.ts";
import { until } from "../start/folders.ts";
import { openStream, range, sequences } from "../stream/event-stream.ts";
import { createLedger, judge } from "./ledger.ts";
import { startLoad } from "./load.ts";
import { readRest } from "./rest.ts";
import { followStream } from "./services/follower.ts";
import { createSingleProcess, type SingleProcess } from "./single-process.ts";

/** By hand: TASKFLOW_FAULT_ROUNDS=50 npm test -- test/fault/kill.test.ts */
const ROUNDS = Number(process.env["TASKFLOW_FAULT_ROUNDS"] ?? 5);

/**
 * Of each kind in turn: TaskFlow alone, whose PostgreSQL is left running; PostgreSQL alone; both, as by a power cut.
 */
const kills: readonly ((taskflow: SingleProcess) => Promise<void>)[] = [
  async (taskflow) => {
    taskflow.current().kill("SIGKILL");
    await taskflow.current().ended;
    await taskflow.start();
  },
  async (taskflow) => {
    const killed = taskflow.postgresPid();
    process.kill(killed, "SIGKILL");
    // Its own processes may answer a moment longer than it lives.
    await until(() => hasOtherPostgres(taskflow, killed));
    await until(async () => (await fetch(`${taskflow.url}/health/ready`)).ok);
  },
  async (taskflow) => {
    process.kill(taskflow.postgresPid(), "SIGKILL");
    taskflow.current().kill("SIGKILL");
    await taskflow.current().ended;
    await taskflow.start();
  },
];

const hasOtherPostgres = (taskflow: SingleProcess, killed: number): boolean => {
  try {
    return taskflow.postgresPid() !== killed;
  } catch {
    return false;
  }
};

test(`kill -9 in the middle of writes, ${ROUNDS} times`, { timeout: 300_000 + ROUNDS * 120_000 }, async (t) => {
  const taskflow = await createSingleProcess(t);
  await taskflow.start();
  const users = await taskflow.register(3);
  const screens = users.map(({ token }) => followStream(taskflow.url, token));
  t.after(() => screens.forEach((screen) => screen.stop()));
  const ledger = createLedger();
  const load = startLoad({ url: taskflow.url, users, writersPerUser: 4, ledger });
  t.after(() => load.stop());

  for (let round = 0; round < ROUNDS; round += 1) {
    // A random number of writes after the last one, so that it falls into any moment of a write.
    const enough = ledger.answered + randomInt(20, 120);
    await until(() => ledger.answered >= enough);
    await kills[round % kills.length]?.(taskflow);
  }
  const enough = ledger.answered + 50;
  await until(() => ledger.answered >= enough);
  await load.stop();

  const rest = await readRest(taskflow.databaseUrl);
  const { writes, lost, doubled, faults } = judge(ledger, rest);
  t.diagnostic(`${writes} writes, ${ledger.answered} answered, ${ROUNDS} kills, ${lost} lost, ${doubled} doubled`);
  assert.deepEqual({ lost, doubled, faults }, { lost: 0, doubled: 0, faults: [] });
  await taskflow.proveHistory();
  for (const [index, user] of users.entries()) {
    const head = rest.heads.get(user.userId) ?? 0;
    const screen = screens[index];
    await until(() => (screen?.newest() ?? 0) >= head);
    screen?.stop();
    assert.deepEqual(
      screen?.sequences,
      range(1, head),
      "the screen that was open all the time has seen everything once, in order",
    );
    assert.deepEqual(
      await replayOf(taskflow.url, user, head),
      range(1, head),
      "a new screen is shown everything from the beginning",
    );
  }
});

const replayOf = async (url: string, { token }: TestUser, head: number): Promise<number[]> => {
  const stream = await openStream(url, { token, since: 0 });
  const events = await stream.received(head);
  stream.cut();
  return sequences(events);
};
