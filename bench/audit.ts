import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createDatabase } from "../src/adapters/db/database.ts";
import { createLineFolder } from "../src/adapters/line-folder.ts";
import { createHeadSigner } from "../src/services/audit/chain.ts";
import { createHeadExport } from "../src/services/audit/head-export.ts";
import { createPartitions } from "../src/services/audit/partitions.ts";
import { verifyChains } from "../src/services/audit/verify/verify-chains.ts";
import { measureExport } from "./audit/exporting.ts";
import { type GeneratedHistory, generateHistory } from "./audit/generated-history.ts";
import { createReader } from "./audit/reading.ts";
import { measureLag } from "./audit/lag.ts";
import { measureWriting, rate } from "./audit/writing.ts";
import { machine, makeUsers, percentile, row, startServer } from "./harness.ts";

/**
 * `node bench/audit.ts [--rows 1000000]`: rows/s beside the bare batched insert; then, with so many rows of two years
 * that PostgreSQL made and chained itself: verify, what clients read, and an export of a million rows. `node
 * bench/audit.ts --shape services [--rates 50,200,500] [--batch 10]`: from an event to its row, over Dapr and Kafka, in
 * writes of so many events.
 */
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    shape: { type: "string", default: "process" },
    rates: { type: "string", default: "50,200,500" },
    batch: { type: "string", default: "10" },
  },
});
const ROWS = Number(values.rows);
const MOST_EXPORTED = 1_000_000;
const USERS = 200;
const VERSIONS = 10;
const key = "0123456789abcdef0123456789abcdef";

const perSecond = (value: number): string => `${Math.round(value).toLocaleString("en")} rows/s`;
const count = (rows: number): string => `${rows.toLocaleString("en")} rows`;
const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const measureProcess = async (): Promise<void> => {
  const server = await startServer({ TASKFLOW_JWT_SECRET: key, TASKFLOW_AUDIT_KEY: key, TASKFLOW_LOG_LEVEL: "info" });
  const database = createDatabase({
    url: server.databaseUrl,
    connections: 4,
    applicationName: "bench",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  const folder = await mkdtemp(join(tmpdir(), "taskflow-bench-"));
  const deps = {
    database,
    signer: createHeadSigner(key),
    partitions: createPartitions(database),
    store: createLineFolder(folder),
  };
  try {
    const { recorded, bare } = await measureWriting(deps);
    const [ours, theirs] = [percentile(recorded, 0.5), percentile(bare, 0.5)];
    print(
      row(
        "writing, batches of 100",
        perSecond(ours),
        `bare insert ${perSecond(theirs)}`,
        `ratio ${(ours / theirs).toFixed(2)}`,
      ),
    );
    let history: GeneratedHistory | undefined;
    const users = await makeUsers(server.databaseUrl, USERS);
    const made = await rate(
      ROWS,
      async () => (history = await generateHistory(deps, { users, rows: ROWS, versions: VERSIONS })),
    );
    print(row(`made by PostgreSQL, ${count(ROWS)}`, perSecond(made)));
    await verify(deps);
    if (history === undefined) throw new Error("the history is made");
    print(`\n${row("read", "times", "p50", "p95", "p99")}`);
    for await (const line of createReader({ url: server.url, jwtSecret: key, history, versions: VERSIONS }).measure())
      print(line);
    const { rows, seconds, memory } = await measureExport(server, key, spanOf(history));
    print(
      `\n${row(`export, ${count(rows)} of NDJSON`, perSecond(rows / seconds), `the server's memory: ${mebibytes(memory.before)} before, ${mebibytes(memory.most)} at most`)}`,
    );
  } finally {
    await database.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
};

const verify = async (deps: Parameters<typeof verifyChains>[0]): Promise<void> => {
  await createHeadExport(deps).run();
  const startedAt = performance.now();
  const { rows, breaks } = await verifyChains(deps);
  if (breaks.length > 0) throw new Error(`the history is broken: ${JSON.stringify(breaks[0])}`);
  print(row(`verify, ${count(rows)}`, perSecond((rows / (performance.now() - startedAt)) * 1_000)));
};

/** The first months, as many as make a million rows. */
const spanOf = ({ rows, months }: GeneratedHistory): { from: string; to: string } => {
  const wanted = Math.ceil((MOST_EXPORTED / rows) * months.length);
  return { from: months[0] ?? "", to: months[wanted] ?? "2999-01-01T00:00:00Z" };
};

print(machine());
await (values.shape === "services"
  ? measureLag({ rates: values.rates.split(",").map(Number), batch: Number(values.batch) }, print)
  : measureProcess());
