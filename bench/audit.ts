import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { v7 as uuidv7 } from "uuid";
import { createAccessTokens } from "../src/adapters/auth/access-token.ts";
import { createDatabase, type Database } from "../src/adapters/db/database.ts";
import { createLineFolder } from "../src/adapters/line-folder.ts";
import { createBatcher } from "../src/services/audit/batcher.ts";
import { chain, createHeadSigner, genesis } from "../src/services/audit/chain.ts";
import { type Entry, entryOf } from "../src/services/audit/entry.ts";
import { exportLog } from "../src/services/audit/export.ts";
import { createHeadExport } from "../src/services/audit/head-export.ts";
import { createPartitions } from "../src/services/audit/partitions.ts";
import { createRecorder, rowColumns } from "../src/services/audit/recorder.ts";
import { verifyChains } from "../src/services/audit/verify/verify-chains.ts";
import type { TaskHistory } from "../src/contract/audit.ts";
import { createDirectory } from "../src/adapters/directory.ts";
import { taskEventOf } from "../test/outbox/events.ts";
import { createTestDatabase } from "../test/harness/postgres.ts";
import { startTaskFlow } from "../test/harness/taskflow.ts";
import { generateHistory, type GeneratedHistory } from "./audit/generated-history.ts";
import { machine, milliseconds, percentile, row } from "./harness.ts";

/**
 * `node bench/audit.ts [--rows 1000000]`: rows/s beside the bare batched insert, verify, the history of a task, an export.
 * `node bench/audit.ts --rows 10000000 --generated`: only the history of a task, among rows that PostgreSQL made itself in two years' partitions.
 */
const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" }, generated: { type: "boolean", default: false } } });
const ROWS = Number(values.rows);
const USERS = 200;
const ROUNDS = 5;
const ROUND_ROWS = 10_000;
/** As many as the relay has under way. */
const UNDER_WAY = 512;
const VERSIONS = 10;
const key = "0123456789abcdef0123456789abcdef";
const silence = { count() {}, gauge() {}, observe() {} };

const users = Array.from({ length: USERS }, () => uuidv7());
const sequences = new Map<string, number>();
/** The task that each user is changing now. */
const present = new Map<string, string>();
const tasks: { readonly userId: string; readonly taskId: string }[] = [];

/** The next `count` events of all users in turn, ten of each task. */
const nextEntries = (count: number): Entry[] =>
  Array.from({ length: count }, (_, index) => {
    const userId = users[index % USERS] ?? "";
    const sequence = (sequences.get(userId) ?? 0) + 1;
    sequences.set(userId, sequence);
    if ((sequence - 1) % VERSIONS === 0) {
      const task = { userId, taskId: uuidv7() };
      present.set(userId, task.taskId);
      tasks.push(task);
    }
    return { ...entryOf(taskEventOf({ userId, taskId: present.get(userId) ?? "" })), sequence };
  });

const clock = { now: () => Date.now() };
const server = await createTestDatabase();
const app = await startTaskFlow({ databaseUrl: server.url, env: { TASKFLOW_JWT_SECRET: key, TASKFLOW_LOG_LEVEL: "warn" } });
const database: Database = createDatabase({ url: server.url, connections: 4, applicationName: "bench", onConnectionError: () => undefined, unlimited: true });
const signer = createHeadSigner(key);
const recorder = createRecorder({ database, clock, metrics: silence, signer, partitions: createPartitions(database) });
const batcher = createBatcher<Entry>({ most: 100, longestMs: 1_000, quietMs: 3, atOnce: 2, flush: recorder.record });
const store = createLineFolder(app.config.auditDir);

const rate = (count: number, startedAt: number): number => (count / (performance.now() - startedAt)) * 1_000;
const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);
const perSecond = (value: number): string => `${Math.round(value).toLocaleString("en")} rows/s`;

const bareInsert = `INSERT INTO bare (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt, hash)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::uuid[], $5::text[], $6::uuid[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[], $12::json[], $13::bytea[], $14::bytea[])`;

/** The rows are made before the clock starts: the bare insert computes nothing. */
const bare = async (): Promise<number> => {
  const entries = nextBare(ROUND_ROWS);
  const batches = Array.from({ length: ROUND_ROWS / 100 }, (_, index) => rowColumns(entries.slice(index * 100, index * 100 + 100)));
  const startedAt = performance.now();
  for (const batch of batches) await database.prepared("bare", bareInsert, [...batch]);
  return rate(ROUND_ROWS, startedAt);
};

let bareSequence = 0;
const nextBare = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const entry = { ...entryOf(taskEventOf({ userId: users[index % USERS] ?? "" })), sequence: 1 };
    const [chained] = chain(genesis, [entry]);
    if (chained === undefined) throw new Error("one entry makes one row");
    return { ...chained, sequence: (bareSequence += 1) };
  });

/** Events handed in one by one, as the bus does. */
const recorded = async (): Promise<number> => {
  const entries = nextEntries(ROUND_ROWS);
  const startedAt = performance.now();
  let next = 0;
  const hand = async (): Promise<void> => {
    for (let entry = entries[next]; entry !== undefined; entry = entries[next]) {
      next += 1;
      await batcher.add(entry);
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, hand));
  return rate(ROUND_ROWS, startedAt);
};

const writing = async (): Promise<void> => {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query("CREATE TABLE bare (LIKE task_events INCLUDING ALL) PARTITION BY RANGE (occurred_at)");
  await client.query("CREATE TABLE bare_all PARTITION OF bare DEFAULT");
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [one, other] = [await bare(), await recorded()];
    if (round === 0) continue;
    theirs.push(one);
    ours.push(other);
  }
  await client.query("DROP TABLE bare");
  await client.end();
  console.log(row("writing, batches of 100", perSecond(median(ours)), `bare insert ${perSecond(median(theirs))}`, `ratio ${(median(ours) / median(theirs)).toFixed(2)}`));
};

const fill = async (): Promise<void> => {
  for (let rows = (ROUNDS + 1) * ROUND_ROWS; rows < ROWS; rows += 2_000) await recorder.record(nextEntries(2_000));
  await database.prepared("vacuum", "VACUUM ANALYZE task_events", []);
};

const verifying = async (): Promise<void> => {
  await createHeadExport({ database, store }).run();
  const startedAt = performance.now();
  const report = await verifyChains({ database, store, signer });
  const speed = rate(report.rows, startedAt);
  if (report.breaks.length > 0) throw new Error(`the history is broken: ${JSON.stringify(report.breaks[0])}`);
  console.log(row(`verify, ${report.rows.toLocaleString("en")} rows`, perSecond(speed), "", ""));
};

const recordedTask = (number: number): { userId: string; taskId: string } => {
  const task = tasks[number % tasks.length];
  if (task === undefined) throw new Error("there are tasks");
  return task;
};

const reading = async (rows: number, taskOf: GeneratedHistory["task"]): Promise<void> => {
  const { sign } = createAccessTokens({ secret: key, clock });
  const times: number[] = [];
  for (let index = 0; index < 1_100; index += 1) {
    const task = taskOf(index * 7_919);
    const { token } = sign({ userId: task.userId, role: "user", sessionId: task.userId });
    const startedAt = performance.now();
    const answer = await fetch(`${app.url}/api/v1/audit/tasks/${task.taskId}`, { headers: { authorization: `Bearer ${token}` } });
    const { events } = (await answer.json()) as TaskHistory;
    if (events.length !== VERSIONS) throw new Error(`answered ${answer.status} with ${events?.length} events`);
    if (index >= 100) times.push(performance.now() - startedAt);
  }
  console.log(row(`GET /audit/tasks/{id}, ${rows.toLocaleString("en")} rows`, `p50 ${milliseconds(percentile(times, 0.5))}`, `p95 ${milliseconds(percentile(times, 0.95))}`, `p99 ${milliseconds(percentile(times, 0.99))}`));
};

const exporting = async (): Promise<void> => {
  global.gc?.();
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  let [rows, most] = [0, before];
  for await (const piece of exportLog({ database, directory: createDirectory(database) }, "ndjson", {})) {
    for (const byte of piece) if (byte === 10) rows += 1;
    most = Math.max(most, process.memoryUsage().rss);
  }
  console.log(row(`export, ${rows.toLocaleString("en")} rows of NDJSON`, perSecond(rate(rows, startedAt)), `memory +${Math.round((most - before) / 2 ** 20)} MiB`, ""));
};

const whole = async (): Promise<void> => {
  await writing();
  await fill();
  await delay(1_000);
  await verifying();
  await reading(ROWS, recordedTask);
  await exporting();
};

const generated = async (): Promise<void> => {
  const startedAt = performance.now();
  const { task } = await generateHistory(database, createPartitions(database), { users, rows: ROWS, versions: VERSIONS });
  console.log(row(`made by PostgreSQL, ${ROWS.toLocaleString("en")} rows`, perSecond(rate(ROWS, startedAt)), "", ""));
  await reading(ROWS, task);
};

console.log(machine());
try {
  await (values.generated ? generated() : whole());
} finally {
  await database.close();
  await app.stop();
  await server.drop();
}
