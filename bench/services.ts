import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { Pool } from "undici";
import type { TestUser } from "../test/harness/client.ts";
import { untilJoined } from "../test/services/broadcast.ts";
import type { FiveServices } from "../test/services/five-services.ts";
import { machine, milliseconds, percentile, row } from "./harness.ts";
import { completionsToNext } from "./load/completions.ts";
import { type Bare, startBare } from "./services/bare.ts";
import { offer, offered, type Path } from "./services/open-load.ts";
import { withFiveServices } from "./services/running.ts";
import { closeAll, openAll } from "./streams/sockets.ts";

/**
 * `node bench/services.ts`: five services over Dapr and Kafka, beside Dapr and Kafka alone. Everything shares this
 * machine.
 */
const RATES = [50, 200, 500];
/** Where the aim is: what a write costs is measured here, and everything is warmed up here. */
const AIMED_RATE = 200;
const WARM_UP_ROUNDS = 2;
const USERS = 20;
const BACKLOG = 20_000;
const BULK = 500;
const OUTAGE_S = 20;
const COMPLETIONS = 200;
const STREAM = "/api/v1/notifications/stream";
const MARK = /bench-(\d+)-/g;

async function latency({ url }: FiveServices, users: readonly TestUser[], bare: Bare): Promise<void> {
  console.log(
    row(
      "writes a second",
      "write → stream, p50 / p99",
      "bare Dapr and Kafka, publish → deliver, same run",
      "ratio of p50, p99",
    ),
  );
  console.log(row("---", "---", "---", "---"));
  const taskflow = await writesToStreams(url, users);
  const floor: Path = { send: bare.publish, onArrival: (listener) => (bare.onDelivered = listener) };
  let number = 0;
  // Kafka compiles itself in its first minute, which is not what a write costs.
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1)
    for (const path of [taskflow, floor]) await offer(path, AIMED_RATE, (number += 100_000));
  for (const rate of RATES) {
    const ours = await offer(taskflow, rate, (number += 100_000));
    const theirs = await offer(floor, rate, number);
    const ratio = (share: number): string => (percentile(ours, share) / percentile(theirs, share)).toFixed(1);
    console.log(row(rate, p50AndP99(ours), p50AndP99(theirs), `${ratio(0.5)}, ${ratio(0.99)}`));
  }
  await taskflow.close();
}

async function writesToStreams(url: string, users: readonly TestUser[]): Promise<Path & { close(): Promise<void> }> {
  const pool = new Pool(url, { connections: 64 });
  const streams = await openAll(
    url,
    STREAM,
    users.map(({ token }) => token),
  );
  return {
    async send(number) {
      const { statusCode, body } = await pool.request(writeOf(users[number % users.length], number));
      await body.dump();
      if (statusCode !== 201) throw new Error(`a write was answered ${statusCode}`);
    },
    onArrival(listener) {
      for (const stream of streams) {
        stream.onChunk = (chunk) => {
          for (const [, digits] of chunk.toString("latin1").matchAll(MARK)) listener(Number(digits));
        };
      }
    },
    async close() {
      closeAll(streams);
      await pool.close();
    },
  };
}

const writeOf = (user: TestUser | undefined, number: number) =>
  ({
    method: "POST",
    path: "/api/v1/tasks",
    headers: { authorization: `Bearer ${user?.token}`, "content-type": "application/json" },
    body: JSON.stringify({ title: `bench-${number}-` }),
  }) as const;

/** What a write costs each process from request to screen. */
async function costOfWrites(running: FiveServices, users: readonly TestUser[]): Promise<void> {
  const taskflow = await writesToStreams(running.url, users);
  await cost(running, offered(AIMED_RATE), () => offer(taskflow, AIMED_RATE, 5_000_000));
  await taskflow.close();
}

/** From a completion until recurring-processor's next date is on the screen. */
async function nextDates({ url }: FiveServices, [user]: readonly TestUser[]): Promise<void> {
  const times = await completionsToNext(url, user?.token ?? "", COMPLETIONS);
  console.log(`\ncompletion → next occurrence on a stream, ${COMPLETIONS} in a row, p50 / p99: ${p50AndP99(times)}`);
}

/**
 * How fast a full outbox goes to the broker: filled while the sidecar is away, measured from the first event that
 * leaves it.
 */
async function relay(running: FiveServices, users: readonly TestUser[], database: Client): Promise<void> {
  const { sidecar } = running.place("chat-api");
  await sidecar.hold();
  const operations = Array.from({ length: BULK }, (_none, index) => ({
    op: "create",
    task: { title: `backlog ${index}` },
  }));
  for (let written = 0; written < BACKLOG; written += BULK)
    await users[written % users.length]?.api("POST", "/tasks/bulk", { operations });
  const full = await waiting(database);
  sidecar.release();
  const left = await waitUntil(database, (count) => count < full);
  const started = performance.now();
  await waitUntil(database, (count) => count === 0);
  const seconds = (performance.now() - started) / 1_000;
  console.log(`\nrelay: ${left} events in ${seconds.toFixed(1)} s, ${Math.round(left / seconds)} a second`);
}

/** How long after an outage of the broker everything that was written meanwhile has left the outbox. */
async function catchUp(
  { url, broker, kafka }: FiveServices,
  users: readonly TestUser[],
  database: Client,
): Promise<void> {
  await broker.hold("stop");
  const taskflow = await writesToStreams(url, users);
  let [number, answered] = [9_000_000, 0];
  for (const end = performance.now() + OUTAGE_S * 1_000; performance.now() < end;) {
    await Promise.all(Array.from({ length: 20 }, () => taskflow.send((number += 1)).then(() => (answered += 1))));
    await delay(100);
  }
  broker.release();
  while (!broker.program.isRunning()) await delay(10);
  await kafka.ready();
  const started = performance.now();
  const behind = await waiting(database);
  await waitUntil(database, (count) => count === 0);
  await taskflow.close();
  console.log(
    `catch-up: after ${OUTAGE_S} s without broker, ${answered} writes were answered, and ${behind} events had left ${((performance.now() - started) / 1_000).toFixed(1)} s after it took connections`,
  );
}

const waiting = async (database: Client): Promise<number> =>
  Number((await database.query<{ count: string }>("SELECT count(*) FROM outbox")).rows[0]?.count);

const waitUntil = async (database: Client, condition: (count: number) => boolean): Promise<number> => {
  for (;;) {
    const count = await waiting(database);
    if (condition(count)) return count;
    await delay(50);
  }
};

/** Seconds of processor that each process took for `work`, and its resident memory then. */
async function cost({ places, kafka }: FiveServices, events: number, work: () => Promise<unknown>): Promise<void> {
  const programs = [...places.flatMap(({ service, sidecar }) => [service.program, sidecar.program]), kafka.program].map(
    ({ name, pid }) => ({ name, pid: pid() ?? 0 }),
  );
  const before = programs.map(({ pid }) => processorSeconds(pid));
  await work();
  console.log(`\n${row("process", "processor time a write", "resident memory")}\n${row("---", "---", "---")}`);
  const spent = programs.map(({ pid }, index) => (processorSeconds(pid) - (before[index] ?? 0)) * 1_000);
  for (const [index, { name, pid }] of programs.entries())
    console.log(row(name, milliseconds((spent[index] ?? 0) / events), `${Math.round(residentKib(pid) / 1024)} MiB`));
  console.log(row("all of them", milliseconds(spent.reduce((sum, one) => sum + one, 0) / events), ""));
}

const residentKib = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

/** User and system time, fields 14 and 15 of proc(5) `stat`, in hundredths of a second. */
const processorSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

function p50AndP99(values: readonly number[]): string {
  return `${milliseconds(percentile(values, 0.5))} / ${milliseconds(percentile(values, 0.99))}`;
}

await withFiveServices(USERS, async ({ infra, folder, services, database, users }) => {
  console.log(machine());
  await untilJoined([services.place("notification-service")], async () =>
    users[0]?.api("POST", "/tasks", { title: "has it joined?" }),
  );
  const bare = await startBare(infra, services.kafka, folder);
  await latency(services, users, bare);
  await bare.stop();
  await costOfWrites(services, users);
  await nextDates(services, users);
  await relay(services, users, database);
  await catchUp(services, users, database);
});
