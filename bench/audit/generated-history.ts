import { createHash } from "node:crypto";
import { type Client, escapeIdentifier } from "pg";
import type { Database } from "../../src/adapters/db/database.ts";
import { genesis, type HeadSigner } from "../../src/services/audit/chain.ts";
import {
  addMonths,
  type Month,
  monthOf,
  type Partitions,
  partitionOf,
  startOf,
} from "../../src/services/audit/partitions.ts";
import { metadataSql } from "../../src/services/audit/verify/live-pieces.ts";

/**
 * A history of two years that PostgreSQL made and chained itself, for sizes that would take the recorder hours. It can
 * be read and verified.
 */
export interface GeneratedHistory {
  readonly rows: number;
  /** The first instant of its months, oldest first. */
  readonly months: readonly string[];
  /** The owner of a task and its id; which one, by a number. */
  task(number: number): { readonly userId: string; readonly taskId: string };
}

export interface GeneratedHistoryInput {
  readonly users: readonly string[];
  readonly rows: number;
  /** Rows of each task, one after the other in its user's sequence. */
  readonly versions: number;
}

export interface GeneratedHistoryDeps {
  readonly database: Database;
  readonly partitions: Partitions;
  readonly signer: HeadSigner;
}

/** As long as the usual retention: a task's rows are looked for in as many partitions. */
const MONTHS = 24;
/** As many processors compute hashes at the same time, each for its share of the users. */
const WRITERS = 2;
/** Of a month: what is left of the last days belongs to no row. */
const MONTH_MS = 27 * 86_400_000;

/**
 * Each month has the same number of rows, of all users in turn and in the order of time, as the recorder leaves them.
 */
export const generateHistory = async (
  deps: GeneratedHistoryDeps,
  { users, rows, versions }: GeneratedHistoryInput,
): Promise<GeneratedHistory> => {
  const { database, partitions } = deps;
  const present = monthOf(new Date().toISOString());
  const months = Array.from({ length: MONTHS }, (_, index) => addMonths(present, index + 1 - MONTHS));
  const ofUser = Math.floor(rows / MONTHS / users.length);
  await partitions.ensure(months);
  await prepare(database, months);
  const indexes = await takeIndexes(database);
  const shares = Array.from({ length: WRITERS }, (_, writer) =>
    users.filter((_user, index) => index % WRITERS === writer),
  );
  await Promise.all(shares.map((share) => writeShare(database, { users: share, months, ofUser, versions })));
  for (const index of indexes) await database.prepared("", index, []);
  await writeHeads(deps);
  await database.prepared("bench-vacuum", "VACUUM ANALYZE task_events", []);
  const tasks = Math.floor((ofUser * MONTHS) / versions);
  return {
    rows: ofUser * MONTHS * users.length,
    months: months.map(startOf),
    task(number) {
      const userId = users[number % users.length] ?? "";
      const hex = createHash("md5")
        .update(`${userId}-${number % tasks}`)
        .digest("hex");
      return { userId, taskId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5") };
    },
  };
};

/** A log of writes for rows that a crash may take would be as long as the rows. The chain is a running aggregate. */
const prepare = async (database: Database, months: readonly Month[]): Promise<void> => {
  for (const month of months) await database.prepared("", `ALTER TABLE ${partitionOf(month)} SET UNLOGGED`, []);
  await database.prepared(
    "",
    `CREATE TABLE bench_heads (user_id uuid PRIMARY KEY, sequence bigint NOT NULL, hash bytea NOT NULL)`,
    [],
  );
  await database.prepared(
    "",
    `
    CREATE FUNCTION bench_link(state bytea, before bytea, metadata text) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
    BEGIN RETURN sha256(coalesce(state, before) || convert_to(metadata, 'UTF8')); END $$`,
    [],
  );
  await database.prepared("", "CREATE AGGREGATE bench_chain(bytea, text) (SFUNC = bench_link, STYPE = bytea)", []);
};

/** Indexes are made faster of rows that are all there. Answers the statements that make them again. */
const takeIndexes = async (database: Database): Promise<readonly string[]> => {
  const constraints = await database.prepared<{ name: string; definition: string }>(
    "",
    `
    SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'task_events'::regclass AND contype = 'p'`,
    [],
  );
  const indexes = await database.prepared<{ name: string; definition: string }>(
    "",
    `
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'task_events' AND indexname NOT IN (SELECT conname FROM pg_constraint)`,
    [],
  );
  for (const { name } of constraints)
    await database.prepared("", `ALTER TABLE task_events DROP CONSTRAINT ${escapeIdentifier(name)}`, []);
  for (const { name } of indexes) await database.prepared("", `DROP INDEX ${escapeIdentifier(name)}`, []);
  return [
    ...constraints.map(
      ({ name, definition }) => `ALTER TABLE task_events ADD CONSTRAINT ${escapeIdentifier(name)} ${definition}`,
    ),
    ...indexes.map(({ definition }) => definition.replace(" ON ONLY ", " ON ")),
  ];
};

interface Share {
  readonly users: readonly string[];
  readonly months: readonly Month[];
  /** Rows of a user in a month. */
  readonly ofUser: number;
  readonly versions: number;
}

const writeShare = async (database: Database, { users, months, ofUser, versions }: Share): Promise<void> => {
  const client: Client = await database.connect();
  await client.query("SET work_mem = '512MB'");
  await client.query("INSERT INTO bench_heads SELECT user_id, 0, $2 FROM unnest($1::uuid[]) AS user_id", [
    users,
    genesis.hash,
  ]);
  const count = ofUser * users.length;
  for (const month of months)
    await client.query({
      name: "bench-month",
      text: monthStatement,
      values: [users, count, startOf(month), versions, MONTH_MS],
      query_timeout: 0,
    } as { text: string });
  await client.end();
};

const monthStatement = `
WITH numbered AS (
  SELECT h.user_id, h.hash AS before, h.sequence + n / cardinality($1::uuid[]) + 1 AS sequence, $3::timestamptz + n * $5::bigint / $2::int * interval '1 ms' AS occurred_at
  FROM generate_series(0, $2::int - 1) AS n JOIN bench_heads h ON h.user_id = ($1::uuid[])[n % cardinality($1::uuid[]) + 1]
), e AS (
  SELECT user_id, before, sequence, occurred_at, gen_random_uuid() AS event_id, CASE WHEN sequence % $4 = 1 THEN 'task.created' WHEN sequence % $4 = 0 THEN 'task.completed' ELSE 'task.updated' END AS event_type,
    md5(user_id || '-' || (sequence - 1) / $4)::uuid AS task_id, (sequence - 1) % $4 + 1 AS task_version, CASE WHEN sequence % 50 = 0 THEN 'agent' ELSE 'person' END AS actor_kind,
    CASE WHEN sequence % 50 = 0 THEN 'assistant' ELSE user_id::text END AS actor_id, gen_random_uuid()::text AS correlation_id, 'Task number ' || (sequence - 1) / $4 AS task_title,
    ('{"title":{"new":"Task number ' || (sequence - 1) / $4 || '","old":"Task"}}')::json AS changes, uuid_send(gen_random_uuid()) AS salt, NULL::bytea AS content_digest
  FROM numbered
), chained AS MATERIALIZED (
  SELECT user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt,
    bench_chain(before, ${metadataSql}) OVER (PARTITION BY user_id ORDER BY sequence) AS hash
  FROM e
), recorded AS (
  INSERT INTO task_events (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt, hash)
  SELECT * FROM chained ORDER BY occurred_at
)
UPDATE bench_heads h SET sequence = l.sequence, hash = l.hash
FROM (SELECT DISTINCT ON (user_id) user_id, sequence, hash FROM chained ORDER BY user_id, sequence DESC) l WHERE h.user_id = l.user_id`;

const writeHeads = async ({ database, signer }: GeneratedHistoryDeps): Promise<void> => {
  const heads = await database.prepared<{ user_id: string; sequence: number; hash: Buffer }>(
    "",
    "SELECT * FROM bench_heads",
    [],
  );
  const signatures = heads.map((head) => signer.sign(head.user_id, head));
  await database.prepared(
    "",
    `
    INSERT INTO audit_heads (user_id, sequence, hash, signature)
    SELECT h.user_id, h.sequence, h.hash, s.signature FROM bench_heads h JOIN unnest($1::uuid[], $2::bytea[]) AS s (user_id, signature) USING (user_id)`,
    [heads.map(({ user_id }) => user_id), signatures],
  );
};
