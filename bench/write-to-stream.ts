import { setTimeout as delay } from "node:timers/promises";
import { Pool } from "undici";
import { machine, milliseconds, percentile, row, startProgram, startServer } from "./harness.ts";
import { closeAll, openAll, type RawStream } from "./streams/sockets.ts";

/**
 * From a write to its event on an open stream, at 200 and 1,000 writes a second. The load is open: a write is due at
 * its time, however long the ones before take. Server, database and load share this machine.
 */
const RATES = [200, 1_000];
const USERS = 50;
const WARM_UP_S = 6;
const MEASURED_S = 8;

interface Target {
  readonly url: string;
  readonly streamPath: string;
  readonly writePath: string;
  readonly tokens: readonly string[];
}

/** Milliseconds of each measured write. */
interface Times {
  /** From the request's sending until its event. */
  readonly fromWrite: number[];
  /** From the answer until the event; below zero when the event was first. */
  readonly fromAnswer: number[];
}

interface Pending {
  readonly sentAt: number;
  readonly measured: boolean;
  answeredAt?: number;
  receivedAt?: number;
}

const MARK = /bench-(\d+)-/g;

const run = async ({ url, streamPath, writePath, tokens }: Target, rate: number): Promise<Times> => {
  const pool = new Pool(url, { connections: 64 });
  const pending = new Map<number, Pending>();
  const times: Times = { fromWrite: [], fromAnswer: [] };
  const settle = (number: number, { sentAt, measured, answeredAt, receivedAt }: Pending): void => {
    if (answeredAt === undefined || receivedAt === undefined) return;
    pending.delete(number);
    if (!measured) return;
    times.fromWrite.push(receivedAt - sentAt);
    times.fromAnswer.push(receivedAt - answeredAt);
  };
  const received = (chunk: Buffer): void => {
    const receivedAt = performance.now();
    for (const [, digits] of chunk.toString("latin1").matchAll(MARK)) {
      const number = Number(digits);
      const write = pending.get(number);
      // The title stands in the event more than once.
      if (write === undefined || write.receivedAt !== undefined) continue;
      write.receivedAt = receivedAt;
      settle(number, write);
    }
  };
  const send = async (number: number, measured: boolean): Promise<void> => {
    const write: Pending = { sentAt: performance.now(), measured };
    pending.set(number, write);
    const headers = { authorization: `Bearer ${tokens[number % tokens.length]}`, "content-type": "application/json" };
    const { statusCode, body } = await pool.request({
      method: "POST",
      path: writePath,
      headers,
      body: JSON.stringify({ title: `bench-${number}-` }),
    });
    write.answeredAt = performance.now();
    await body.dump();
    if (statusCode !== 201) throw new Error(`a write was answered ${statusCode}`);
    settle(number, write);
  };

  const streams: readonly RawStream[] = await openAll(url, streamPath, tokens);
  for (const stream of streams) stream.onChunk = received;
  await offer(rate, send);
  for (let waited = 0; pending.size > 0 && waited < 100; waited += 1) await delay(50);
  closeAll(streams);
  await pool.close();
  if (pending.size > 0) throw new Error(`${pending.size} events did not arrive`);
  return times;
};

/** Sends each write when it is due. */
const offer = async (rate: number, send: (number: number, measured: boolean) => Promise<void>): Promise<void> => {
  const started = performance.now();
  const [warmUp, total] = [WARM_UP_S * rate, (WARM_UP_S + MEASURED_S) * rate];
  const sent: Promise<void>[] = [];
  while (sent.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * rate));
    while (sent.length < due) sent.push(send(sent.length, sent.length >= warmUp));
    await delay(1);
  }
  await Promise.all(sent);
};

const p50AndP99 = (values: readonly number[]): string =>
  `${milliseconds(percentile(values, 0.5))} / ${milliseconds(percentile(values, 0.99))}`;

const server = await startServer();
const bare = await startProgram("./streams/bare-server.ts");
try {
  const target = {
    url: server.url,
    streamPath: "/api/v1/notifications/stream",
    writePath: "/api/v1/tasks",
    tokens: await server.users(USERS),
  };
  // One open stream: the bare server sends everything to everyone.
  const limit = { url: bare.url, streamPath: "/", writePath: "/", tokens: ["none"] };
  console.log(machine());
  console.log(
    row(
      "writes a second",
      "write → event, p50 / p99",
      "answer → event, p50 / p99",
      "bare HTTP write → event, same run",
      "ratio of p50, p99",
    ),
  );
  console.log(row("---", "---", "---", "---", "---"));
  for (const rate of RATES) {
    const { fromWrite, fromAnswer } = await run(target, rate);
    const floor = (await run(limit, rate)).fromWrite;
    const ratio = (share: number): string => (percentile(fromWrite, share) / percentile(floor, share)).toFixed(1);
    console.log(
      row(rate, p50AndP99(fromWrite), p50AndP99(fromAnswer), p50AndP99(floor), `${ratio(0.5)}, ${ratio(0.99)}`),
    );
  }
} finally {
  await bare.stop();
  await server.stop();
}
