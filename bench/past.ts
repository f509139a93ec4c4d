import { parseArgs } from "node:util";
import { Client } from "pg";
import { createAccessTokens } from "../src/adapters/auth/access-token.ts";
import { createDatabase } from "../src/adapters/db/database.ts";
import { migrate } from "../src/adapters/db/migrate.ts";
import type { TaskList } from "../src/contract/task.ts";
import type { TaskDiffList } from "../src/contract/time-travel.ts";
import { createTestDatabase } from "../test/harness/postgres.ts";
import { startTaskFlow } from "../test/harness/taskflow.ts";
import { machine, makeUsers, milliseconds, percentile, row } from "./harness.ts";
import { writePast } from "./past/written-past.ts";

/**
 * `node bench/past.ts [--tasks 10000] [--events 100000] [--runs 60]`: the list as it was, and what became of it, of one
 * user with a long past, beside the list as it is; one client, server and load in one process.
 */
const { values } = parseArgs({
  options: {
    tasks: { type: "string", default: "10000" },
    events: { type: "string", default: "100000" },
    runs: { type: "string", default: "60" },
  },
});
const [TASKS, EVENTS, RUNS] = [Number(values.tasks), Number(values.events), Number(values.runs)];
const key = "0123456789abcdef0123456789abcdef";
const DAY_MS = 86_400_000;

const server = await createTestDatabase();
const database = createDatabase({
  url: server.url,
  connections: 2,
  applicationName: "bench",
  onConnectionError: () => undefined,
  unlimited: true,
});
await migrate(database.kysely);
const [userId = ""] = await makeUsers(server.url, 1);
const now = Date.now();
const firstMoment = now - 365 * DAY_MS;
await database.prepared("opened", "UPDATE users SET created_at = $1", [new Date(firstMoment - DAY_MS)]);
await writePast(database, userId, { tasks: TASKS, events: EVENTS, from: firstMoment, to: now - DAY_MS });
const app = await startTaskFlow({
  databaseUrl: server.url,
  env: { TASKFLOW_JWT_SECRET: key, TASKFLOW_LOG_LEVEL: "warn" },
});
const { token } = createAccessTokens({ secret: key, clock: { now: () => Date.now() } }).sign({
  userId,
  role: "user",
  sessionId: userId,
});

/** The share of the past (0 is its beginning, 1 its end) as a moment. */
const at = (share: number): string => new Date(firstMoment + share * (now - DAY_MS - firstMoment)).toISOString();

const read = async (path: string): Promise<unknown> => {
  const response = await fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return response.json();
};

const measure = async (what: string, path: string): Promise<void> => {
  const size = sizeOf((await read(path)) as TaskList | TaskDiffList);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    await read(path);
    times.push(performance.now() - startedAt);
  }
  console.log(row(what, size, milliseconds(percentile(times, 0.5)), milliseconds(percentile(times, 0.95))));
};

const sizeOf = (body: TaskList | TaskDiffList): string =>
  "total" in body ? `${body.total} tasks` : `${body.tasks.length} differences`;

/** The history hears of the past at the start, from the log; it must not read it while others are measured. */
const untilRecorded = async (): Promise<void> => {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  for (let recorded = 0; recorded < EVENTS;) {
    const { rows } = await client.query<{ sequence: string }>("SELECT sequence FROM audit_heads");
    recorded = Number(rows[0]?.sequence ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await client.query("VACUUM ANALYZE");
  await client.end();
};

try {
  await untilRecorded();
  console.log(
    `${machine()}; ${EVENTS.toLocaleString("en")} events of ${TASKS.toLocaleString("en")} tasks, ${RUNS} times each\n`,
  );
  console.log(row("read", "answered", "p50", "p95"));
  console.log(row("---", "---", "---:", "---:"));
  await measure("the list as it is", "/tasks?limit=50");
  for (const share of [0.25, 0.5, 0.99])
    await measure(`as it was at ${share * 100} % of its past`, `/tasks?limit=50&as_of=${at(share)}`);
  await measure(
    "as it was half way, pending by due date",
    `/tasks?limit=50&as_of=${at(0.5)}&status=pending&sort_by=due_date`,
  );
  await measure("as it was half way, by title", `/tasks?limit=50&as_of=${at(0.5)}&sort_by=title`);
  await measure("overdue half way", `/tasks?limit=50&as_of=${at(0.5)}&status=overdue`);
  await measure("a moment after the last change", `/tasks?limit=50&as_of=${new Date(now).toISOString()}`);
  await measure("what became of it, all of its past", `/tasks/diff?from=${at(0)}&to=${at(1)}`);
  await measure("what became of it, the last tenth", `/tasks/diff?from=${at(0.9)}&to=${at(1)}`);
  await measure("what became of it, a hundredth half way", `/tasks/diff?from=${at(0.5)}&to=${at(0.51)}`);
} finally {
  await database.close();
  await app.stop();
  await server.drop();
}
