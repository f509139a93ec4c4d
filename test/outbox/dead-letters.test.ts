import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { startDeadLetterReplay } from "../../src/adapters/dead-letter-replay.ts";
import { createDeadLetters } from "../../src/adapters/dead-letters.ts";
import { createLoops } from "../../src/adapters/loop.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { type TaskFlowEvent, topics } from "../../src/contract/event.ts";
import { DomainError } from "../../src/contract/problem.ts";
import type { DeadLetters, Subscription } from "../../src/ports.ts";
import { waitFor } from "../infra/process.ts";
import { taskEventOf } from "./events.ts";
import { createMigratedDatabase, type MigratedDatabase, silent as log } from "./migrated-database.ts";

const run = promisify(execFile);

let db: MigratedDatabase;
let letters: DeadLetters;
before(async () => {
  db = await createMigratedDatabase();
  letters = createDeadLetters(db.database, uuidv7);
});
after(() => db.drop());

/** The command as a person runs it, as a process of its own beside the services. */
const taskflow = async (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
  const env = { PATH: process.env["PATH"], DATABASE_URL: db.url };
  const ended = run(process.execPath, ["src/main/cli.ts", "dead-letters", ...args], { env });
  return ended.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
};

const bury = async (consumer: string, event: unknown, reason = "no ledger"): Promise<string> => {
  await letters.add({ consumer, event, reason, attempts: 6 });
  const found = (await letters.list({ consumer, limit: 1_000 })).find(
    (letter) => JSON.stringify(letter.event) === JSON.stringify(event),
  );
  assert.ok(found);
  return found.id;
};

/** A service's process: its consumer and its own look at what is to be replayed. */
const startConsumer = (consumer: string, handle: Subscription["handle"]) =>
  startDeadLetterReplay({
    deadLetters: letters,
    log,
    metrics: createMetrics(),
    startLoop: createLoops(log),
    pollMs: 20,
    attempts: 2,
    backoff: { firstMs: 1, longestMs: 2 },
    subscriptions: [{ consumer, topics: Object.values(topics), handle }],
  });

const gone = (consumer: string) =>
  waitFor(async () => (await letters.list({ consumer, limit: 10 })).length === 0, { what: "the letter to go" });

void test("the list names consumer, event and reason, and nothing of the task's text", async () => {
  const consumer = `lister ${uuidv7()}`;
  assert.equal((await taskflow("list", "--consumer", consumer)).stdout, "There are no dead letters.\n");
  const event = taskEventOf();
  const id = await bury(consumer, event);
  const { stdout } = await taskflow("list", "--consumer", consumer);
  assert.match(
    stdout,
    new RegExp(`^${id} .* ${consumer}\\n  task\\.updated of task ${event.task_id}\\n  after 6 tries: no ledger\\n$`),
  );
  assert.ok(!stdout.includes(event.task.title));
});

void test("a replayed letter goes to its own consumer, and leaves the list when it is taken", async () => {
  const [consumer, other] = [`taker ${uuidv7()}`, `other ${uuidv7()}`];
  const event = taskEventOf();
  await bury(consumer, event);
  await bury(other, event);
  const taken: [string, TaskFlowEvent][] = [];
  const running = [consumer, other].map((name) => startConsumer(name, async (each) => void taken.push([name, each])));
  assert.match((await taskflow("replay", "--consumer", consumer)).stdout, /^1 dead letter goes to its consumer again/);
  await gone(consumer);
  await Promise.all(running.map(({ stop }) => stop()));
  assert.deepEqual(taken, [[consumer, event]]);
  assert.equal((await letters.list({ consumer: other, limit: 10 })).length, 1);
});

void test("one letter can be named", async () => {
  const consumer = `one ${uuidv7()}`;
  const [first, second] = [taskEventOf(), taskEventOf()];
  await bury(consumer, first);
  const id = await bury(consumer, second);
  const taken: string[] = [];
  const running = startConsumer(consumer, async ({ event_id }) => void taken.push(event_id));
  await taskflow("replay", "--id", id);
  await waitFor(() => taken.length > 0, { what: "the replay" });
  await running.stop();
  assert.deepEqual(taken, [second.event_id]);
});

void test("what is asked for while no service runs is replayed when one starts", async () => {
  const consumer = `late ${uuidv7()}`;
  await bury(consumer, taskEventOf());
  await taskflow("replay", "--consumer", consumer);
  assert.match((await taskflow("list", "--consumer", consumer)).stdout, /replay asked for at 2/);
  const running = startConsumer(consumer, () => Promise.resolve());
  await gone(consumer);
  await running.stop();
});

void test("what fails again stays with the new reason, and is not tried for ever", async () => {
  const consumer = `failing ${uuidv7()}`;
  await bury(consumer, taskEventOf());
  let tries = 0;
  const running = startConsumer(consumer, () => {
    tries += 1;
    return Promise.reject(new Error("still no ledger"));
  });
  await taskflow("replay", "--consumer", consumer);
  const failed = await waitFor(
    async () => (await letters.list({ consumer, limit: 1 })).find(({ reason }) => reason === "still no ledger"),
    { what: "the new reason" },
  );
  await running.stop();
  assert.deepEqual([failed.attempts, failed.replay_requested_at, tries], [2, null, 2]);
});

void test("a database that is away in between is waited for", async () => {
  const consumer = `patient ${uuidv7()}`;
  await bury(consumer, taskEventOf());
  let tries = 0;
  const running = startConsumer(consumer, async () => {
    tries += 1;
    if (tries < 4) throw new DomainError("unavailable", "away");
  });
  await taskflow("replay", "--consumer", consumer);
  await gone(consumer);
  await running.stop();
  assert.equal(tries, 4);
});

void test("what is no event, or nobody's any more, stays with the reason", async () => {
  const consumer = `puzzled ${uuidv7()}`;
  await bury(consumer, "not {json");
  const running = startConsumer(consumer, () => Promise.resolve());
  await taskflow("replay", "--consumer", consumer);
  const kept = await waitFor(
    async () =>
      (await letters.list({ consumer, limit: 1 })).find(({ reason }) => reason.startsWith("not a valid event")),
    { what: "the refusal" },
  );
  await running.stop();
  assert.equal(kept.replay_requested_at, null);
});

void test("the same event of one consumer is one letter, with its last reason; what has no id too", async () => {
  const consumer = `twice ${uuidv7()}`;
  const event = taskEventOf();
  assert.equal(await bury(consumer, event, "first"), await bury(consumer, event, "second"));
  assert.equal(await bury(consumer, { a: 1 }), await bury(consumer, { a: 1 }));
  await bury(consumer, { a: 2 });
  const list = await letters.list({ consumer, limit: 10 });
  assert.deepEqual(
    list.map(({ reason }) => reason),
    ["second", "no ledger", "no ledger"],
  );
});

const mistakes: Readonly<Record<string, [string[], RegExp]>> = {
  "no action": [[], /^taskflow: Say dead-letters list/],
  "an unknown action": [["drop"], /^taskflow: Say dead-letters list/],
  "an id that is none": [["replay", "--id", "'; DROP TABLE"], /^taskflow: --id names one dead letter/],
  "a letter that is not there": [["replay", "--id", uuidv7()], /^taskflow: There is no such dead letter\.$/m],
  "a limit that is none": [["list", "--limit", "many"], /^taskflow: --limit is a number/],
  "an unknown option": [["list", "--colour"], /^taskflow: Unknown option '--colour'/],
};

for (const [name, [args, sentence]] of Object.entries(mistakes)) {
  void test(`${name} is refused in a sentence`, async () => {
    const { code, stderr } = await taskflow(...args);
    assert.equal(code, 1);
    assert.match(stderr, sentence);
  });
}
