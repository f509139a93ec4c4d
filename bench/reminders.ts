/**
 * How late reminders are: when they are given, and when they are on an open stream, at several rates and 10,000 at one instant; with a
 * million pending, in one process or five, woken by the built-in timer or by Dapr's jobs.
 *
 *   node bench/reminders.ts [--shape process|services] [--trigger timer|dapr-jobs] [--rates 10,500] [--seconds 20] [--at-once 10000]
 *     [--pending 1000000] [--users 100] [--streams 50000]
 *
 * `--pending` measures the rates again with so many more that are a year away, and the memory they take. `--streams` gives each of so many
 * streams one reminder within a minute. Jobs need the five services. Both clocks are this machine's.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createClient } from "../test/harness/client.ts";
import { ensureInfra } from "../test/infra/install.ts";
import { startFiveServices } from "../test/services/five-services.ts";
import { machine, milliseconds, percentile, row, startServer, userIdOf } from "./harness.ts";
import { type Arrival, collect } from "./reminders/arrivals.ts";
import { planReminders } from "./reminders/plan.ts";
import { closeAll, openAll, type RawStream } from "./streams/sockets.ts";

const { values } = parseArgs({
  options: {
    shape: { type: "string", default: "process" }, trigger: { type: "string", default: "timer" }, rates: { type: "string", default: "10,500" },
    seconds: { type: "string", default: "20" }, "at-once": { type: "string", default: "10000" }, pending: { type: "string", default: "0" },
    users: { type: "string", default: "100" }, streams: { type: "string", default: "0" },
  },
});

const STREAM = "/api/v1/notifications/stream";
/** From planning to the first: longer than planning takes, and than a sweep that has to find it. */
const LEAD_MS = 15_000;
const YEAR_MS = 365 * 86_400_000;
const LONGEST_PAUSE_MS = 120_000;
const MINUTE_MS = 60_000;

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
  return { databaseUrl: server.databaseUrl, streamUrl: server.url, reminderUrl: server.url, tokens: server.users, stop: server.stop };
};

const startServices = async (): Promise<Running> => {
  const infra = await ensureInfra();
  if ("missing" in infra) throw new Error(`missing: ${infra.missing}`);
  const folder = await mkdtemp(join(tmpdir(), "taskflow-bench-"));
  const env = { ...settings, TASKFLOW_RATE_LIMITS: "off", TASKFLOW_LOG_LEVEL: "warn", TASKFLOW_REMINDER_TRIGGER: values.trigger };
  const services = await startFiveServices({ infra, folder, env });
  await services.ready();
  const client = createClient(services.url);
  return {
    databaseUrl: services.databaseUrl,
    streamUrl: services.place("notification-service").url,
    reminderUrl: services.place("reminder-service").url,
    tokens: async (count) => (await Promise.all(Array.from({ length: count }, () => client.register()))).map(({ token }) => token),
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

const report = (what: string, arrivals: readonly Arrival[]): void =>
  print(row(what, arrivals.length, distribution(arrivals.map(({ given }) => given)), distribution(arrivals.map(({ seen }) => seen))));

interface Load {
  readonly streams: readonly RawStream[];
  readonly users: readonly string[];
}

const measure = async ({ databaseUrl }: Running, { streams, users }: Load, what: string, count: number, stepMs: number): Promise<void> => {
  const arriving = collect(streams, count, LONGEST_PAUSE_MS);
  await planReminders(databaseUrl, { users, count, firstMs: LEAD_MS, stepMs, perTask: 1 });
  report(what, await arriving);
};

const measureRates = async (running: Running, load: Load, also: string): Promise<void> => {
  for (const rate of values.rates.split(",").map(Number)) await measure(running, load, `${rate} a second${also}`, rate * Number(values.seconds), 1_000 / rate);
};

const withManyPending = async (running: Running, load: Load, pending: number): Promise<void> => {
  const before = await memoryOf(running.reminderUrl);
  await planReminders(running.databaseUrl, { users: load.users, count: pending, firstMs: YEAR_MS, stepMs: 1_000, perTask: 100 });
  await delay(10_000);
  await measureRates(running, load, `, ${pending} pending`);
  print(`\nthe process that gives reminders: ${mebibytes(before)} before, ${mebibytes(await memoryOf(running.reminderUrl))} with ${pending} pending`);
};

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

const open = async (running: Running, count: number): Promise<Load> => {
  const tokens = await running.tokens(count);
  return { streams: await openAll(running.streamUrl, STREAM, tokens), users: tokens.map(userIdOf) };
};

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

const running = await (values.shape === "services" ? startServices() : startProcess());
try {
  print(`${machine()}, ${values.shape}, ${values.trigger}\n`);
  print(row("reminders", "count", "given late by, p50 / p99 / most", "on a stream after, p50 / p99 / most"));
  print(row("---", "---", "---", "---"));
  const load = await open(running, Number(values.users));
  await measureRates(running, load, "");
  if (values["at-once"] !== "0") await measure(running, load, "at one instant", Number(values["at-once"]), 0);
  if (values.pending !== "0") await withManyPending(running, load, Number(values.pending));
  closeAll(load.streams);
  if (values.streams !== "0") {
    const many = await open(running, Number(values.streams));
    await measure(running, many, "one a stream within a minute", many.streams.length, MINUTE_MS / many.streams.length);
    closeAll(many.streams);
  }
} finally {
  await running.stop();
}
