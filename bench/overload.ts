import { setTimeout as delay } from "node:timers/promises";
import { createParser } from "eventsource-parser";
import { Client } from "undici";
import { get, openConnection } from "../test/http/raw-connection.ts";
import { type BenchServer, machine, milliseconds, percentile, row, startServer } from "./harness.ts";

/**
 * `node bench/overload.ts`: what everyone else notices while the heaviest that a stranger and three users may do goes
 * on at once. Server, database and attack share this machine; the attack runs in this process, the server in its own.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const REST_SECONDS = 15;
const DUE_TASKS = 5_000;
const PIPELINED = 1_600;
const list = (most: number): string => Array.from({ length: most }, (_, index) => index + 1).join(",");

const server = await startServer({ TASKFLOW_RATE_LIMITS: "on", TASKFLOW_RATE_LIMIT_API: "1000000" });
const [writer = "", reminded = "", ...attackers] = await server.users(6);
const headersOf = (token: string) => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });

const send = async (token: string, method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: headersOf(token),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

interface Noticed {
  readonly writes: number[];
  readonly probes: number[];
  readonly lateMs: number[];
  readonly memory: number[];
}

const MIB = 2 ** 20;
const memory = async ({ metric }: BenchServer): Promise<number> =>
  (await metric("process_resident_memory_bytes")) / MIB;

/** Asks again and again over one connection, and keeps how long each answer took. */
const ask = async (times: number[], until: number, request: Parameters<Client["request"]>[0]): Promise<void> => {
  const client = new Client(server.url);
  while (Date.now() < until) {
    const startedAt = performance.now();
    const { body, statusCode } = await client.request(request);
    await body.dump();
    if (statusCode >= 300) throw new Error(`${request.path} was answered ${statusCode}`);
    times.push(performance.now() - startedAt);
    await delay(5);
  }
  await client.close();
};

const stream = async (lateMs: number[], signal: AbortSignal): Promise<void> => {
  const parser = createParser({
    onEvent({ event, data }) {
      if (event !== "task.reminder.triggered") return;
      const { reminder } = JSON.parse(data) as { reminder: { scheduled_for: string } };
      lateMs.push(Date.now() - Date.parse(reminder.scheduled_for));
    },
  });
  const answer = await fetch(`${server.url}/api/v1/notifications/stream`, { headers: headersOf(reminded), signal });
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
};

/** One reminder in each second of a phase. */
const setReminders = async (from: number): Promise<void> => {
  for (let second = 2; second < SECONDS; second += 1) {
    const { id } = (await (await send(reminded, "POST", "/tasks", { title: `at ${second}` })).json()) as { id: string };
    const remind_at = new Date(from + second * 1_000).toISOString();
    await send(reminded, "POST", `/tasks/${id}/reminders`, { remind_at });
  }
};

const notice = async (until: number): Promise<Noticed> => {
  const noticed: Noticed = { writes: [], probes: [], lateMs: [], memory: [] };
  const reading = new AbortController();
  const read = stream(noticed.lateMs, reading.signal).catch(() => undefined);
  const body = JSON.stringify({ title: "Pay rent for the flat" });
  await Promise.all([
    ask(noticed.writes, until, { method: "POST", path: "/api/v1/tasks", headers: headersOf(writer), body }),
    ask(noticed.probes, until, { method: "GET", path: "/health/live" }),
    (async () => {
      for (; Date.now() < until; await delay(500)) noticed.memory.push(await memory(server));
    })(),
  ]);
  reading.abort();
  await read;
  return noticed;
};

/** Repeats what one attacker does until the phase is over; what is refused is tried again after a moment. */
const repeat = async (until: number, once: () => Promise<unknown>): Promise<void> => {
  while (Date.now() < until) {
    await once().catch(() => undefined);
    await delay(20);
  }
};

const pipeline = async (path: string): Promise<void> => {
  const connection = await openConnection(server.url, { reads: false });
  connection.send(get(path).repeat(PIPELINED));
  await delay(1_000);
  connection.socket.destroy();
};

const costly = {
  operations: Array.from({ length: 500 }, (_, index) => ({
    op: "create",
    task: {
      title: `series ${index}`,
      due_date: "2026-12-01T09:00",
      recurrence_pattern: `RRULE:FREQ=YEARLY;BYMONTH=${list(12)};BYMONTHDAY=${list(31)};COUNT=${3_660 - index}`,
    },
  })),
};

const zones = ["Asia/Tokyo", "Europe/Berlin"];
let moves = 0;

const attack = (until: number): Promise<unknown> => {
  const [one = "", other = "", exporter = "", mover = ""] = attackers;
  return Promise.all([
    ...["/openapi.json", "/metrics", "/docs", "/openapi.json"].map((path) => repeat(until, () => pipeline(path))),
    ...[one, other].map((token) =>
      repeat(until, async () => (await send(token, "POST", "/tasks/bulk", costly)).arrayBuffer()),
    ),
    ...Array.from({ length: 20 }, () =>
      repeat(until, async () => (await send(exporter, "GET", "/audit-logs?format=csv")).arrayBuffer()),
    ),
    repeat(until, async () => {
      const time_zone = zones[(moves += 1) % zones.length];
      await (await send(mover, "PATCH", "/auth/me", { time_zone })).arrayBuffer();
    }),
  ]);
};

const fill = async (token: string): Promise<void> => {
  for (let done = 0; done < DUE_TASKS; done += 500) {
    const operations = Array.from({ length: 500 }, (_, index) => ({
      op: "create",
      task: { title: `task ${done + index}`, due_date: "2999-01-01T09:00" },
    }));
    const { status } = await send(token, "POST", "/tasks/bulk", { operations });
    if (status !== 200) throw new Error(`filling was answered ${status}`);
  }
};

const show = (what: string, { writes, probes, lateMs, memory: used }: Noticed): void =>
  console.log(
    row(
      what,
      milliseconds(percentile(writes, 0.5)),
      milliseconds(percentile(writes, 0.95)),
      milliseconds(percentile(probes, 0.99)),
      milliseconds(Math.max(...probes)),
      `${lateMs.length}, ${milliseconds(Math.max(...lateMs))}`,
      `${Math.round(Math.max(...used))} MiB`,
    ),
  );

const phase = async (attacked: boolean): Promise<Noticed> => {
  const from = Date.now() + 3_000;
  await setReminders(from);
  const until = from + SECONDS * 1_000;
  const [noticed] = await Promise.all([notice(until), attacked ? attack(until) : undefined]);
  return noticed;
};

for (const token of attackers.slice(2)) await fill(token);
await delay(REST_SECONDS * 1_000);
const idle = await memory(server);
console.log(`${machine()}; ${SECONDS} s a phase; idle with ${2 * DUE_TASKS} tasks: ${Math.round(idle)} MiB\n`);
console.log(row("", "write p50", "write p95", "liveness p99", "liveness max", "reminders, latest", "most memory"));
console.log(row("---", "---:", "---:", "---:", "---:", "---:", "---:"));
show("quiet", await phase(false));
show("attacked", await phase(true));
await delay(REST_SECONDS * 1_000);
show("after", await phase(false));
console.log(`\nmemory ${REST_SECONDS} s after: ${Math.round(await memory(server))} MiB`);
await server.stop();
