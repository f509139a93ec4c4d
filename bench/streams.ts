import { setTimeout as delay } from "node:timers/promises";
import { type BenchServer, machine, milliseconds, row, startProgram, startServer } from "./harness.ts";
import { closeAll, openAll, type RawStream, reachAll } from "./streams/sockets.ts";

/** 10,000 idle streams, what each costs and how long an event takes to reach all of them. */
const STREAMS = 10_000;
const WRITERS = 10;
const PATH = "/api/v1/notifications/stream";

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

const memoryOf = async (url: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1]);
};

/**
 * Resident memory a stream, of streams opened after as many requests that the engine has grown its heap for requests.
 */
const cost = async (
  url: string,
  path: string,
  tokens: readonly string[],
): Promise<{ perStream: number; total: number; openMs: number }> => {
  closeAll(await openAll(url, path, tokens.slice(0, 1_000)));
  await delay(1_000);
  const before = await memoryOf(url);
  const started = performance.now();
  const streams = await openAll(url, path, tokens);
  const openMs = performance.now() - started;
  await delay(5_000);
  const total = await memoryOf(url);
  closeAll(streams);
  return { perStream: (total - before) / tokens.length, total, openMs };
};

const write = (url: string, path: string, token: string, title: string): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ title }),
  });

/** Milliseconds from the first of the writes until all streams have their event; the median of five. */
const reach = async (
  url: string,
  path: string,
  streams: readonly RawStream[],
  writers: readonly string[],
): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const title = `round ${round}`;
    const reached = reachAll(streams, title);
    await Promise.all(writers.map((token) => write(url, path, token, title)));
    times.push(await reached);
    await delay(500);
  }
  return median(times);
};

const measure = async (server: BenchServer, bareUrl: string): Promise<void> => {
  const idle = await cost(server.url, PATH, await server.users(STREAMS));
  const bareIdle = await cost(
    bareUrl,
    "/",
    Array.from({ length: STREAMS }, () => "none"),
  );
  await delay(1_000);
  const writers = await server.users(WRITERS);
  const streams = await openAll(
    server.url,
    PATH,
    Array.from({ length: STREAMS }, (_, index) => writers[index % WRITERS] ?? ""),
  );
  const reached = await reach(server.url, "/api/v1/tasks", streams, writers);
  closeAll(streams);
  const bareStreams = await openAll(
    bareUrl,
    "/",
    Array.from({ length: STREAMS }, () => "none"),
  );
  const bareReached = await reach(bareUrl, "/", bareStreams, ["none"]);
  closeAll(bareStreams);

  console.log(machine());
  console.log(row(`${STREAMS} idle streams`, "TaskFlow", "bare HTTP, same run", "ratio"));
  console.log(row("---", "---", "---", "---"));
  console.log(
    row(
      "memory a stream",
      kib(idle.perStream),
      kib(bareIdle.perStream),
      (idle.perStream / bareIdle.perStream).toFixed(2),
    ),
  );
  console.log(
    row("memory of the process", kib(idle.total), kib(bareIdle.total), (idle.total / bareIdle.total).toFixed(2)),
  );
  console.log(
    row(
      "time to open all",
      milliseconds(idle.openMs),
      milliseconds(bareIdle.openMs),
      (idle.openMs / bareIdle.openMs).toFixed(2),
    ),
  );
  console.log(
    row("an event reaches all", milliseconds(reached), milliseconds(bareReached), (reached / bareReached).toFixed(2)),
  );
};

const server = await startServer({ TASKFLOW_STREAMS_PER_USER: String(STREAMS / WRITERS) });
const bare = await startProgram("./streams/bare-server.ts");
try {
  await measure(server, bare.url);
} finally {
  await bare.stop();
  await server.stop();
}
