import { createDatabase, type Database } from "../../../src/adapters/db/database.ts";
import { createEventLog } from "../../../src/adapters/event-log/read.ts";
import { createLineFolder } from "../../../src/adapters/line-folder.ts";
import type { LineStore } from "../../../src/ports.ts";
import { runRetention } from "../../../src/services/audit/archive/retention.ts";
import { createBatcher } from "../../../src/services/audit/batcher.ts";
import { createHeadSigner } from "../../../src/services/audit/chain.ts";
import { type Entry, entryOf } from "../../../src/services/audit/entry.ts";
import { createPartitions } from "../../../src/services/audit/partitions.ts";
import { createRecorder } from "../../../src/services/audit/recorder.ts";

/**
 * A process to be killed: `victim.ts record URL USER…`, or `victim.ts retain URL FOLDER STEP`, which kills itself at a
 * step of retention.
 */
const key = "0123456789abcdef0123456789abcdef";
const metrics = { count() {}, gauge() {}, observe() {} };
const log = { debug() {}, info() {}, warn() {}, error() {} };
const [what, url = "", ...rest] = process.argv.slice(2);
const database = createDatabase({ url, connections: 4, applicationName: "victim", onConnectionError: () => undefined });
const partitions = createPartitions(database);
const signer = createHeadSigner(key);
const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("a killed process goes on");
};

/** Hands in all events of the log, as a bus that knows of no acknowledgement does after each restart. */
const record = async (users: readonly string[]): Promise<void> => {
  const recorder = createRecorder({ database, clock: { now: () => Date.now() }, metrics, signer, partitions });
  const batcher = createBatcher<Entry>({ most: 100, longestMs: 1_000, quietMs: 3, atOnce: 2, flush: recorder.record });
  const events = [];
  for (const user of users) events.push(...(await createEventLog(database).after(user, 0, 100_000)));
  process.stdout.write("begun\n");
  await Promise.all(events.map((event) => batcher.add(entryOf(event))));
};

/** A store that is the end of the process at the given step. */
const deadly = (store: LineStore, step: string): LineStore => ({
  ...store,
  async write(name, lines) {
    const file = name.endsWith(".gz") ? "archive" : "manifest";
    if (step === `before the ${file}`) die();
    const cut = async function* (): AsyncGenerator<string> {
      for await (const line of lines) {
        if (step === `within the ${file}`) die();
        yield line;
      }
    };
    const written = await store.write(name, cut());
    if (step === `after the ${file}`) die();
    return written;
  },
  async *read(name) {
    for await (const line of store.read(name)) {
      if (step === "within the comparison") die();
      yield line;
    }
  },
  async remove(name) {
    if (step === "before the old archive is removed") die();
    await store.remove(name);
  },
});

/** The same database, which is the end of the process at the given step of the transaction that drops a month. */
const deadlyDatabase = (step: string): Database => ({
  ...database,
  async connect() {
    const client = await database.connect();
    const query = client.query.bind(client) as (...values: readonly unknown[]) => unknown;
    const isLast = (statement: unknown): boolean =>
      (step === "before the drop" && JSON.stringify(statement).includes("drop_history_partition")) ||
      (step === "before the commit" && statement === "COMMIT");
    return Object.assign(client, {
      query: (...values: readonly unknown[]) => (isLast(values[0]) ? die() : query(...values)),
    });
  },
});

const retain = async (folder: string, step: string): Promise<void> => {
  const store = deadly(createLineFolder(folder), step);
  await runRetention({
    database: deadlyDatabase(step),
    store,
    signer,
    partitions,
    metrics,
    log,
    clock: { now: () => Date.parse("2026-06-15T00:00:00.000Z") },
    months: 24,
  });
  if (step === "after the drop") die();
};

if (what === "record") await record(rest);
else await retain(rest[0] ?? "", rest[1] ?? "");
await database.close();
