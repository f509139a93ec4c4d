import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type QueryResultRow } from "pg";
import { createEventLog } from "../../src/adapters/event-log/read.ts";
import { createLineFolder } from "../../src/adapters/line-folder.ts";
import type { TaskFlowEvent } from "../../src/contract/event.ts";
import type { Database } from "../../src/adapters/db/database.ts";
import type { LineStore, Metrics } from "../../src/ports.ts";
import { createCatchUp } from "../../src/services/audit/catch-up.ts";
import { createHeadSigner, type HeadSigner } from "../../src/services/audit/chain.ts";
import { entryOf } from "../../src/services/audit/entry.ts";
import { createHeadExport } from "../../src/services/audit/head-export.ts";
import { createPartitions, type Partitions } from "../../src/services/audit/partitions.ts";
import { createRecorder, type Recorder } from "../../src/services/audit/recorder.ts";
import { type ChainsReport, verifyChains } from "../../src/services/audit/verify/verify-chains.ts";
import { createMigratedDatabase, type MigratedDatabase, silent } from "../outbox/migrated-database.ts";

export const key = "0123456789abcdef0123456789abcdef";
export const nothing: Metrics = { count() {}, gauge() {}, observe() {} };

/** The parts of the audit logger on a new database and in a new folder. */
export interface History extends MigratedDatabase {
  readonly folder: string;
  readonly store: LineStore;
  readonly signer: HeadSigner;
  readonly partitions: Partitions;
  readonly recorder: Recorder;
  record(events: readonly TaskFlowEvent[]): Promise<void>;
  catchUp(): ReturnType<typeof createCatchUp>;
  exportHeads(): Promise<void>;
  verify(userId?: string): Promise<ChainsReport>;
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** As a superuser for whom triggers do not fire: whoever can do this can do anything to the database. */
  asSuperuser(...statements: readonly string[]): Promise<void>;
}

export const createHistory = async (): Promise<History> => {
  const migrated = await createMigratedDatabase();
  const { database } = migrated;
  const folder = await mkdtemp(join(tmpdir(), "taskflow-audit-"));
  const store = createLineFolder(folder);
  const signer = createHeadSigner(key);
  const partitions = createPartitions(database);
  const recorder = recorderOn(database);
  return {
    ...migrated,
    folder,
    store,
    signer,
    partitions,
    recorder,
    record: (events) => recorder.record(events.map(entryOf)),
    catchUp: () =>
      createCatchUp({ database, eventLog: createEventLog(database), recorder, log: silent, metrics: nothing }),
    exportHeads: () => createHeadExport({ database, store }).run(),
    verify: (userId) => verifyChains({ database, store, signer }, userId),
    query: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
      queryOn<Row>(migrated.url, sql, values),
    async asSuperuser(...statements) {
      await superuserQuery(migrated.url, ...statements);
    },
    async drop() {
      await migrated.drop();
      await rm(folder, { recursive: true });
    },
  };
};

/** Another process' recorder on the same database. */
export const recorderOn = (database: Database): Recorder =>
  createRecorder({
    database,
    clock: { now: () => Date.now() },
    metrics: nothing,
    signer: createHeadSigner(key),
    partitions: createPartitions(database),
  });

/** Statements that no trigger refuses and no privilege limits. */
export const superuserQuery = async (url: string, ...statements: readonly string[]): Promise<void> => {
  await queryOn(
    url.replace("user=taskflow", "user=postgres"),
    `SET session_replication_role = replica; ${statements.join("; ")}`,
  );
};

const queryOn = async <Row extends QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
};
