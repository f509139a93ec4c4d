/**
 * The recurring processor: what a sweep costs with few and with very many series, how soon the next occurrence is on a
 * stream, and 10,000 series that are due at one instant.
 *
 *   node bench/recurring.ts [--most 100000] [--rounds 300]
 *
 * `--most 1000000` adds a table of a million series.
 */
import { parseArgs } from "node:util";
import { type Bench, createBench, type Replica } from "../test/recurring/processor.ts";
import { machine, milliseconds, percentile, row, startServer } from "./harness.ts";
import { completionsToNext } from "./load/completions.ts";

const { values } = parseArgs({
  options: { most: { type: "string", default: "100000" }, rounds: { type: "string", default: "300" } },
});

const DUE = 100;
const SWEEPS = 20;
const START = "2026-03-01T08:00:00.000Z";
const HOUR = 3_600_000;

/** Series whose next look is years away, in the processor's table alone: what a sweep must not pay for. */
const addIdleSeries = async ({ database }: Bench, count: number): Promise<void> => {
  const statement = `
    INSERT INTO recurring_series (series_id, user_id, version, recurrence_pattern, due_date, recurrence_time_zone, recurrence_basis, recurrence_catch_up, next_occurrence_date, kept_date, look_at)
    SELECT gen_random_uuid(), gen_random_uuid(), 1, 'daily', '2026-03-01T09:00', 'UTC', 'schedule', 'latest', '2036-03-01T09:00', '2036-03-01T09:00', timestamptz '2036-03-01' + n * interval '1 second'
    FROM generate_series(1, $1::int) AS n`;
  for (let left = count; left > 0; left -= 50_000)
    await database.prepared("idle-series", statement, [Math.min(left, 50_000)]);
  await database.prepared("analyze", "ANALYZE recurring_series", []);
};

const addDueSeries = async (bench: Bench, replica: Replica, users: number, each: number): Promise<void> => {
  for (let index = 0; index < users; index += 1) {
    const actor = await bench.newUser();
    const commands = Array.from({ length: each }, () => ({
      kind: "task.create" as const,
      task: { title: "series", due_date: "2026-03-01T09:00", recurrence_pattern: "daily" },
    }));
    await bench.run(actor, ...commands);
    for (const event of await bench.events(actor.userId)) await replica.handle(event);
  }
  await replica.sweep();
};

const timed = async (work: () => Promise<void>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

/** Every day `DUE` series come due: the median of so many days. */
const sweepCost = async (idle: number): Promise<{ due: number; nothing: number }> => {
  const bench = await createBench(START);
  try {
    const replica = bench.replica();
    await addDueSeries(bench, replica, 10, DUE / 10);
    await addIdleSeries(bench, idle);
    const due: number[] = [];
    const nothing: number[] = [];
    bench.clock.at += 2 * HOUR;
    for (let day = 0; day < SWEEPS; day += 1) {
      due.push(await timed(() => replica.sweep()));
      nothing.push(await timed(() => replica.sweep()));
      bench.clock.at += 24 * HOUR;
    }
    return { due: percentile(due, 0.5), nothing: percentile(nothing, 0.5) };
  } finally {
    await bench.drop();
  }
};

const manyAtOnce = async (users: number): Promise<number> => {
  const bench = await createBench(START);
  try {
    const replica = bench.replica();
    await addDueSeries(bench, replica, users, 10_000 / users);
    bench.clock.at += HOUR;
    return await timed(() => replica.sweep());
  } finally {
    await bench.drop();
  }
};

const untilNext = async (rounds: number): Promise<number[]> => {
  const server = await startServer();
  try {
    const [token = ""] = await server.users(1);
    return await completionsToNext(server.url, token, rounds);
  } finally {
    await server.stop();
  }
};

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

print(`${machine()}\n`);
print(row("series that are not due", `sweep with ${DUE} due`, "sweep with none due"));
print(row("---", "---", "---"));
for (const idle of [10_000, 100_000, 1_000_000].filter((count) => count <= Number(values.most))) {
  const { due, nothing } = await sweepCost(idle);
  print(row(idle.toLocaleString("en"), milliseconds(due), milliseconds(nothing)));
}
const times = await untilNext(Number(values.rounds));
print(
  `\nfrom the request that completes until the next occurrence is on a stream: p50 ${milliseconds(percentile(times, 0.5))}, p99 ${milliseconds(percentile(times, 0.99))}`,
);
for (const users of [1_000, 20])
  print(`10,000 series of ${users} users due at once: ${((await manyAtOnce(users)) / 1000).toFixed(1)} s`);
