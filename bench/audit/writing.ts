import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../src/adapters/db/database.ts";
import { createBatcher } from "../../src/services/audit/batcher.ts";
import { chain, genesis, type HeadSigner } from "../../src/services/audit/chain.ts";
import { type Entry, entryOf } from "../../src/services/audit/entry.ts";
import type { Partitions } from "../../src/services/audit/partitions.ts";
import { createRecorder, rowColumns } from "../../src/services/audit/recorder.ts";
import { taskEventOf } from "../../test/outbox/events.ts";

export interface WritingDeps {
  readonly database: Database;
  readonly signer: HeadSigner;
  readonly partitions: Partitions;
}

/** Rows a second of each round, the recorder's and those of the bare insert. */
export interface Written {
  readonly recorded: readonly number[];
  readonly bare: readonly number[];
}

const USERS = 200;
const ROUNDS = 5;
const ROUND_ROWS = 10_000;
const BATCH = 100;
/** As many as the relay has under way. */
const UNDER_WAY = 512;
const silence = { count() {}, gauge() {}, observe() {} };

/**
 * The recorder, by its batcher, in turn with a bare insert of the same rows into a table with the same columns and
 * indexes. Users come in turn, so that a batch of 100 moves 100 heads; a first round is for nothing.
 */
export const measureWriting = async ({ database, signer, partitions }: WritingDeps): Promise<Written> => {
  const recorder = createRecorder({ database, clock: { now: () => Date.now() }, metrics: silence, signer, partitions });
  const batcher = createBatcher<Entry>({
    most: BATCH,
    longestMs: 1_000,
    quietMs: 3,
    atOnce: 2,
    flush: recorder.record,
  });
  const [ourEntries, theirEntries] = [createEntries(), createEntries()];
  await database.prepared(
    "",
    "CREATE TABLE bare (LIKE task_events INCLUDING ALL) PARTITION BY RANGE (occurred_at)",
    [],
  );
  await database.prepared("", "CREATE TABLE bare_all PARTITION OF bare DEFAULT", []);
  const [recorded, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const theirs = await insertBare(database, theirEntries(ROUND_ROWS));
    const ours = await record(ourEntries(ROUND_ROWS), (entry) => batcher.add(entry));
    if (round === 0) continue;
    bare.push(theirs);
    recorded.push(ours);
  }
  await database.prepared("", "DROP TABLE bare", []);
  return { recorded, bare };
};

/** Of new users in turn, each with the next of its sequence. */
const createEntries = (): ((count: number) => Entry[]) => {
  const users = Array.from({ length: USERS }, () => uuidv7());
  let made = 0;
  return (count) =>
    Array.from({ length: count }, () => {
      const [userId, sequence] = [users[made % USERS] ?? "", Math.floor(made / USERS) + 1];
      made += 1;
      return { ...entryOf(taskEventOf({ userId })), sequence };
    });
};

const bareStatement = `INSERT INTO bare (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt, hash)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::uuid[], $5::text[], $6::uuid[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[], $12::json[], $13::bytea[], $14::bytea[])`;

/** The rows are made before the clock starts: the bare insert computes nothing. */
const insertBare = async (database: Database, entries: readonly Entry[]): Promise<number> => {
  const rows = entries.flatMap((entry) => chain({ ...genesis, sequence: entry.sequence - 1 }, [entry]));
  const batches = Array.from({ length: rows.length / BATCH }, (_, index) =>
    rowColumns(rows.slice(index * BATCH, (index + 1) * BATCH)),
  );
  return rate(entries.length, async () => {
    for (const batch of batches) await database.prepared("bare", bareStatement, batch);
  });
};

/** Events handed in one by one, as the bus does. */
const record = (entries: readonly Entry[], add: (entry: Entry) => Promise<void>): Promise<number> => {
  const left = entries.values();
  const hand = async (): Promise<void> => {
    for (const entry of left) await add(entry);
  };
  return rate(entries.length, () => Promise.all(Array.from({ length: UNDER_WAY }, hand)));
};

/** How many a second `work` does of `count`. */
export const rate = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (count / (performance.now() - startedAt)) * 1_000;
};
