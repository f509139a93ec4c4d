import { Client } from "pg";
import type { TaskList, TaskQuery } from "../src/contract/task.ts";
import { machine, makeUsers, milliseconds, percentile, row, startServer, tokensOf } from "./harness.ts";

/**
 * The first page of 100 of a user's 100,000 tasks, and a page in the middle, in each order, through HTTP by one client,
 * beside the same rows read by the bare driver: the page by keyset and, apart, the count that `total` costs a first
 * page.
 */
const TASKS = 100_000;
const RUNS = Number(process.env.BENCH_RUNS ?? 60);
const LIMIT = 100;

interface Case {
  readonly sort: NonNullable<TaskQuery["sort_by"]>;
  readonly status: NonNullable<TaskQuery["status"]>;
  /** As the list orders by it. */
  readonly expression: string;
}

const due = "coalesce(due_at, 'infinity'::timestamptz)";
const completed = "coalesce(completed_at, 'infinity'::timestamptz)";
/** The first two and the last have an index in this order. */
const cases: readonly Case[] = [
  { sort: "created_at", status: "all", expression: "created_at" },
  { sort: "due_date", status: "pending", expression: due },
  { sort: "completed_at", status: "completed", expression: completed },
  { sort: "due_date", status: "all", expression: due },
  { sort: "priority", status: "pending", expression: "priority" },
  { sort: "title", status: "all", expression: "lower(title) COLLATE title_order" },
];
const conditions: Partial<Record<Case["status"], string>> = {
  all: "true",
  pending: "NOT completed",
  completed: "completed",
};

const server = await startServer();
const [userId = ""] = await makeUsers(server.databaseUrl, 1);
const [token = ""] = tokensOf([userId]);
const pg = new Client({ connectionString: server.databaseUrl });
await pg.connect();
await fill(userId);

console.log(
  `${machine()}; a list of ${LIMIT} of ${TASKS.toLocaleString("en")} tasks, ${RUNS} times each, one client\n`,
);
console.log(row("tasks", "order", "page", "HTTP p50", "HTTP p95", "bare page p50", "bare count p50"));
console.log(row("---", "---", "---", "---:", "---:", "---:", "---:"));
for (const { sort, status, expression } of cases) {
  const matching = `FROM tasks WHERE user_id = $1 AND deleted_at IS NULL AND ${conditions[status]}`;
  const first = `/tasks?status=${status}&sort_by=${sort}&sort_order=asc&limit=${LIMIT}`;
  const middle = `${first}&cursor=${await cursorInTheMiddle(first, expression, matching)}`;
  const bare = await times(() =>
    pg.query({
      name: `first ${status} by ${sort}`,
      text: `SELECT * ${matching} ORDER BY ${expression}, id LIMIT ${LIMIT + 1}`,
      values: [userId],
    }),
  );
  const count = await times(() =>
    pg.query({ name: `count ${status}`, text: `SELECT count(*) ${matching}`, values: [userId] }),
  );
  for (const [page, path] of [
    ["first", first],
    ["middle", middle],
  ] as const) {
    const http = await times(() => read(path));
    const beside =
      page === "first" ? [milliseconds(percentile(bare, 0.5)), milliseconds(percentile(count, 0.5))] : ["", ""];
    console.log(
      row(status, sort, page, milliseconds(percentile(http, 0.5)), milliseconds(percentile(http, 0.95)), ...beside),
    );
  }
}
await pg.end();
await server.stop();

/** Milliseconds of each run, after one that nobody counts. */
async function times(run: () => Promise<unknown>): Promise<readonly number[]> {
  await run();
  const found: number[] = [];
  for (let turn = 0; turn < RUNS; turn += 1) {
    const startedAt = performance.now();
    await run();
    found.push(performance.now() - startedAt);
  }
  return found;
}

async function read(path: string): Promise<TaskList> {
  const response = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`);
  return (await response.json()) as TaskList;
}

/** The cursor of a list's first page, moved to the task in the middle; walking there would take 500 pages. */
async function cursorInTheMiddle(path: string, expression: string, matching: string): Promise<string> {
  const value = expression.includes("_at") ? `(${expression} AT TIME ZONE 'UTC')::text` : `(${expression})::text`;
  const {
    rows: [found],
  } = await pg.query<{ value: string; id: string }>(
    `SELECT ${value} AS value, id ${matching} ORDER BY ${expression}, id OFFSET (SELECT count(*) / 2 ${matching}) LIMIT 1`,
    [userId],
  );
  const [sort, order, , , ...counted] = JSON.parse(
    Buffer.from((await read(path)).next_cursor ?? "", "base64url").toString("utf8"),
  ) as readonly unknown[];
  return Buffer.from(JSON.stringify([sort, order, found?.value, found?.id, ...counted])).toString("base64url");
}

async function fill(owner: string): Promise<void> {
  await pg.query(
    `INSERT INTO tasks (id, user_id, title, description, completed, completed_at, priority, due_date, due_at, overdue_at, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'task ' || md5(n::text), 'a description of usual length, in a few words', n % 3 = 0,
       CASE WHEN n % 3 = 0 THEN now() - make_interval(mins => n) END, n % 3,
       CASE WHEN n % 2 = 0 THEN to_char(now() + make_interval(mins => n), 'YYYY-MM-DD') END,
       CASE WHEN n % 2 = 0 THEN date_trunc('day', now() + make_interval(mins => n)) END,
       CASE WHEN n % 2 = 0 THEN date_trunc('day', now() + make_interval(mins => n)) + interval '1 day' END,
       now() - make_interval(secs => n), now()
     FROM generate_series(1, ${TASKS}) AS n`,
    [owner],
  );
  await pg.query("VACUUM ANALYZE tasks");
}
