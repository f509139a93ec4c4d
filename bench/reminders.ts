/**
 * How late reminders are: when they are given, and when they are on an open stream, at several rates and 10,000 at one
 * instant; with a million pending, in one process or five, woken by the built-in timer or by Dapr's jobs.
 *
 * node bench/reminders.ts [--shape process|services] [--trigger timer|dapr-jobs] [--rates 10,500] [--seconds 20]
 * [--at-once 10000]
 *     [--pending 1000000] [--rounds 4] [--users 100] [--streams 50000]
 *
 * `--rates none` and `--at-once 0` leave these out. `--pending` measures at 50 a second without and with so many more
 * that are a year away, in turn, `--rounds` times 500 each, and the memory they take. `--streams` gives each of so many
 * streams, each a user's own, one reminder within a minute. Jobs need the five services. Both clocks are this
 * machine's; processor time is what it took until the last one was seen.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ensureInfra } from "../test/infra/install.ts";
import { startFiveServices } from "../test/services/five-services.ts";
import {
  machine,
  makeUsers,
  milliseconds,
  percentile,
  row,
  secret,
  startServer,
  tokensOf,
  userIdOf,
} from "./harness.ts";
import { processorTime, spentSince } from "./processor-time.ts";
import { type Arrival, collect } from "./reminders/arrivals.ts";
import { forgetPending, planReminders } from "./reminders/plan.ts";
import { closeAll, openAll, type RawStream } from "./streams/sockets.ts";

const { values } = parseArgs({
  options: {
    shape: { type: "string", default: "process" },
    trigger: { type: "string", default: "timer" },
    rates: { type: "string", default: "10,500" },
    seconds: { type: "string", default: "20" },
    "at-once": { type: "string", default: "10000" },
    pending: { type: "string", default: "0" },
    rounds: { type: "string", default: "4" },
    users: { type: "string", default: "100" },
    streams: { type: "string", default: "0" },
  },
});

const STREAM = "/api/v1/notifications/stream";
/** From planning to the first: longer than planning takes, and than a sweep that has to find it. */
const LEAD_MS = 15_000;
const YEAR_MS = 365 * 86_400_000;
const LONGEST_PAUSE_MS = 120_000;
const MINUTE_MS = 60_000;
const TURN = { count: 500, stepMs: 20 } as const;

interface Running {
  readonly databaseUrl: string;
  readonly streamUrl: string;
  /** Of the process that gives reminders. */
  readonly reminderUrl: string;
  tokens(count: number): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const settings = { TASKFLOW_STREAMS_PER_USER: "1000" };

const startProcess = async (): Promise<Running> => {
  const server = await startServer(settings);
  return {
    databaseUrl: server.databaseUrl,
    streamUrl: server.url,
    reminderUrl: server.url,
    tokens: server.users,
    stop: server.stop,
  };
};

const startServices = async (): Promise<Running> => {
  const infra = await ensureInfra();
  if ("missing" in infra) throw new Error(`missing: ${infra.missing}`);
  const folder = await mkdtemp(join(tmpdir(), "taskflow-bench-"));
  const env = {
    ...settings,
    TASKFLOW_RATE_LIMITS: "off",
    TASKFLOW_LOG_LEVEL: "warn",
    TASKFLOW_REMINDER_TRIGGER: values.trigger,
    TASKFLOW_JWT_SECRET: secret,
  };
  const services = await startFiveServices({ infra, folder, env });
  await services.ready();
  return {
    databaseUrl: services.databaseUrl,
    streamUrl: services.place("notification-service").url,
    reminderUrl: services.place("reminder-service").url,
    tokens: async (count) => tokensOf(await makeUsers(services.databaseUrl, count)),
    async stop() {
      await services.stop();
      await rm(folder, { recursive: true });
    },
  };
};

const memoryOf = async (url: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
};

const distribution = (times: readonly number[]): string =>
  [percentile(times, 0.5), percentile(times, 0.99), Math.max(...times)].map((time) => milliseconds(time)).join(" / ");

const report = (what: string, arrivals: readonly Arrival[], spent: ReadonlyMap<string, number>): void => {
  const each = [...spent]
    .filter(([, ms]) => ms / arrivals.length >= 0.005)
    .map(([name, ms]) => `${name} ${(ms / arrivals.length).toFixed(2)} ms`);
  print(
    row(
      what,
      arrivals.length,
      distribution(arrivals.map(({ given }) => given)),
      distribution(arrivals.map(({ seen }) => seen)),
      each.join(", "),
    ),
  );
};

interface Load {
  readonly streams: readonly RawStream[];
  readonly users: readonly string[];
}

const arrivalsOf = async (
  { databaseUrl }: Running,
  { streams, users }: Load,
  count: number,
  stepMs: number,
): Promise<{ arrivals: readonly Arrival[]; spent: ReadonlyMap<string, number> }> => {
  const arriving = collect(streams, count, LONGEST_PAUSE_MS);
  await planReminders(databaseUrl, { users, count, firstMs: LEAD_MS, stepMs, perTask: 1 });
  const before = processorTime();
  const arrivals = await arriving;
  return { arrivals, spent: spentSince(before) };
};

const measure = async (running: Running, load: Load, what: string, count: number, stepMs: number): Promise<void> => {
  const { arrivals, spent } = await arrivalsOf(running, load, count, stepMs);
  report(what, arrivals, spent);
};

const measureRates = async (running: Running, load: Load): Promise<void> => {
  const rates = values.rates === "none" ? [] : values.rates.split(",").map(Number);
  for (const rate of rates)
    await measure(running, load, `${rate} a second`, rate * Number(values.seconds), 1_000 / rate);
};

const withManyPending = async (running: Running, load: Load, pending: number): Promise<void> => {
  const arrivals: Record<"without" | "with", Arrival[]> = { without: [], with: [] };
  const memory: number[] = [];
  const turn = async (which: "without" | "with"): Promise<void> => {
    arrivals[which].push(...(await arrivalsOf(running, load, TURN.count, TURN.stepMs)).arrivals);
    memory.push(await memoryOf(running.reminderUrl));
  };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    await turn("without");
    await planReminders(running.databaseUrl, {
      users: load.users,
      count: pending,
      firstMs: YEAR_MS,
      stepMs: 1_000,
      perTask: 100,
    });
    await delay(10_000);
    await turn("with");
    await forgetPending(running.databaseUrl);
  }
  report("50 a second", arrivals.without, new Map());
  report(`50 a second, ${pending} pending`, arrivals.with, new Map());
  const ratio = (share: number): string => (lateAt(arrivals.with, share) / lateAt(arrivals.without, share)).toFixed(2);
  print(
    `\nlater with ${pending} pending by p50 ${ratio(0.5)} ×, p99 ${ratio(0.99)} ×; the process that gives reminders, without and with in turn: ${memory.map(mebibytes).join(", ")}`,
  );
};

/** To a millisecond: a reminder that is given within it is late by none. */
const lateAt = (arrivals: readonly Arrival[], share: number): number =>
  Math.max(
    1,
    percentile(
      arrivals.map(({ given }) => given),
      share,
    ),
  );

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const open = async (running: Running, count: number): Promise<Load> => {
  const tokens = await running.tokens(count);
  return { streams: await openAll(running.streamUrl, STREAM, tokens), users: tokens.map(userIdOf) };
};

/**
 * A reminder for each of so many streams within a minute, and what the process that holds the streams needs for them.
 */
const measureStreams = async (running: Running, count: number): Promise<void> => {
  const before = await memoryOf(running.streamUrl);
  const load = await open(running, count);
  const idle = await memoryOf(running.streamUrl);
  await measure(running, load, `one for each of ${count} streams within a minute`, count, MINUTE_MS / count);
  print(
    `\nthe process with the streams: ${mebibytes(before)} without, ${mebibytes(idle)} with ${count} idle ones, ${mebibytes(await memoryOf(running.streamUrl))} after that minute`,
  );
  closeAll(load.streams);
};

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const running = await (values.shape === "services" ? startServices() : startProcess());
try {
  print(`${machine()}, ${values.shape}, ${values.trigger}\n`);
  print(
    row(
      "reminders",
      "count",
      "given late by, p50 / p99 / most",
      "on a stream after, p50 / p99 / most",
      "processor time of each",
    ),
  );
  print(row("---", "---", "---", "---", "---"));
  const load = await open(running, Number(values.users));
  await measureRates(running, load);
  if (values["at-once"] !== "0") await measure(running, load, "at one instant", Number(values["at-once"]), 0);
  if (values.pending !== "0") await withManyPending(running, load, Number(values.pending));
  closeAll(load.streams);
  if (values.streams !== "0") await measureStreams(running, Number(values.streams));
} finally {
  await running.stop();
}
