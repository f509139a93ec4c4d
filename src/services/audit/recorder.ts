import { LRUCache } from "lru-cache";
import { asUnavailable, type Database, isDeadlock } from "../../adapters/db/database.ts";
import { canonicalJson } from "../../domain/audit/canonical-json.ts";
import type { Clock, Metrics } from "../../ports.ts";
import { type AppendPlan, planAppend } from "./append-plan.ts";
import type { Head, HeadSigner } from "./chain.ts";
import type { Entry } from "./entry.ts";
import { monthOf, type Partitions } from "./partitions.ts";
import { createUserTurns } from "./user-turns.ts";
import { readHeads, readWaiting } from "./waiting.ts";

export interface RecorderDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly signer: HeadSigner;
  readonly partitions: Partitions;
}

/** The only writer of the history. */
export interface Recorder {
  /**
   * Resolves when every entry is committed: in its user's chain, or waiting for one of a lower sequence. Batches of
   * different users may run at once.
   */
  record(entries: readonly Entry[]): Promise<void>;
}

/**
 * One statement for a batch. A user's chain moves only from the very head the hashes were computed from; of a user
 * whose head is another one by now nothing is written, and the caller computes again. Users are given in order, so that
 * two batches seldom wait for each other; when they do, PostgreSQL ends one of them and it is tried again.
 */
export const appendStatement = `
WITH given AS MATERIALIZED (
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[]) AS g (user_id, before, sequence, hash, signature)
), moved AS (
  UPDATE audit_heads h SET sequence = g.sequence, hash = g.hash, signature = g.signature, moved_at = now()
  FROM given g WHERE h.user_id = g.user_id AND h.sequence = g.before RETURNING h.user_id, h.sequence
), begun AS (
  INSERT INTO audit_heads (user_id, sequence, hash, signature)
  SELECT user_id, sequence, hash, signature FROM given WHERE before = 0 ORDER BY user_id ON CONFLICT DO NOTHING RETURNING user_id, sequence
), advanced AS (
  SELECT * FROM moved UNION ALL SELECT * FROM begun
), recorded AS (
  INSERT INTO task_events (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt, hash)
  SELECT r.* FROM advanced, unnest($6::uuid[], $7::bigint[], $8::timestamptz[], $9::uuid[], $10::text[], $11::uuid[], $12::int[], $13::text[], $14::text[], $15::text[],
    $16::text[], $17::json[], $18::bytea[], $19::bytea[]) AS r (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id,
    correlation_id, task_title, changes, salt, hash)
  WHERE r.user_id = advanced.user_id
), arrived AS (
  DELETE FROM audit_waiting w USING advanced a WHERE w.user_id = a.user_id AND w.sequence <= a.sequence
), waiting AS (
  INSERT INTO audit_waiting SELECT * FROM json_populate_recordset(NULL::audit_waiting, $20::json) ON CONFLICT DO NOTHING
)
SELECT user_id FROM advanced`;

/** The statement's parameters; exported so that the bench runs the same insert bare. */
export const rowColumns = (rows: AppendPlan["rows"]): readonly unknown[][] => [
  rows.map(({ user_id }) => user_id),
  rows.map(({ sequence }) => sequence),
  rows.map(({ timestamp }) => timestamp),
  rows.map(({ event_id }) => event_id),
  rows.map(({ event_type }) => event_type),
  rows.map(({ task_id }) => task_id),
  rows.map(({ task_version }) => task_version),
  rows.map(({ actor_kind }) => actor_kind),
  rows.map(({ actor_id }) => actor_id),
  rows.map(({ correlation_id }) => correlation_id),
  rows.map(({ task_title }) => task_title),
  rows.map(({ changes }) => canonicalJson(changes)),
  rows.map(({ salt }) => salt),
  rows.map(({ hash }) => hash),
];

const MOST_TRIES = 20;
const HEADS_CACHED = 20_000;

export const createRecorder = ({ database, clock, metrics, signer, partitions }: RecorderDeps): Recorder => {
  /** Heads as this process left them; one that another process has moved is found out by the statement. */
  const heads = new LRUCache<string, Head>({ max: HEADS_CACHED });
  /** Users of whom something may wait here. What another process left waiting is chained by the catch-up. */
  const mayWait = new Set<string>();
  const turns = createUserTurns();

  const headsOf = async (users: readonly string[]): Promise<ReadonlyMap<string, Head>> => {
    const unknown = users.filter((user) => !heads.has(user));
    if (unknown.length > 0) for (const [user, head] of await readHeads(database, unknown)) heads.set(user, head);
    return new Map(
      users.flatMap((user) => {
        const head = heads.get(user);
        return head === undefined ? [] : [[user, head] as const];
      }),
    );
  };

  const append = async (plan: AppendPlan, now: Date): Promise<ReadonlySet<string>> => {
    await partitions.ensure(new Set(plan.rows.map(({ timestamp }) => monthOf(timestamp))));
    const { moves, rows, waiting } = plan;
    const values = [
      moves.map(({ userId }) => userId),
      moves.map(({ from }) => from.sequence),
      moves.map(({ to }) => to.sequence),
      moves.map(({ to }) => to.hash),
      moves.map(({ userId, to }) => signer.sign(userId, to)),
      ...rowColumns(rows),
      JSON.stringify(waiting.map(({ timestamp, ...entry }) => ({ ...entry, occurred_at: timestamp, arrived_at: now }))),
    ];
    const advanced = await database.prepared<{ user_id: string }>("audit-append", appendStatement, values);
    return new Set(advanced.map(({ user_id }) => user_id));
  };

  /** Answers the entries of users whose chain was elsewhere. */
  const attempt = async (entries: readonly Entry[]): Promise<readonly Entry[]> => {
    const users = [...new Set(entries.map(({ user_id }) => user_id))];
    const expected = users.filter((user) => mayWait.has(user));
    const waited = expected.length === 0 ? [] : await readWaiting(database, expected);
    const plan = planAppend([...waited, ...entries], await headsOf(users));
    if (plan.moves.length === 0 && plan.waiting.length === 0) return [];
    const advanced = await append(plan, new Date(clock.now()));
    for (const { userId, to } of plan.moves) {
      if (advanced.has(userId)) heads.set(userId, to);
      else heads.delete(userId);
    }
    for (const user of users) mayWait.delete(user);
    for (const { user_id } of plan.waiting) mayWait.add(user_id);
    measure(plan, advanced);
    const stale = new Set(plan.moves.filter(({ userId }) => !advanced.has(userId)).map(({ userId }) => userId));
    return entries.filter(({ user_id }) => stale.has(user_id));
  };

  const measure = ({ rows }: AppendPlan, advanced: ReadonlySet<string>): void => {
    const now = clock.now();
    const written = rows.filter(({ user_id }) => advanced.has(user_id));
    metrics.count("taskflow_audit_rows_total", {}, written.length);
    for (const { timestamp } of written)
      metrics.observe("taskflow_audit_lag_seconds", Math.max(0, now - Date.parse(timestamp)) / 1000);
  };

  const recordAll = async (entries: readonly Entry[]): Promise<void> => {
    let left = entries;
    for (let tries = 0; left.length > 0; tries += 1) {
      if (tries === MOST_TRIES) throw new Error("the heads of the history move too fast");
      left = await attempt(left).catch((error: unknown) => {
        forget(left);
        if (isDeadlock(error) || isPartitionGone(error)) return left;
        throw error;
      });
    }
    metrics.count("taskflow_audit_batches_total");
  };

  /** A statement whose answer was lost may have been committed: nothing is known of these heads any more. */
  const forget = (entries: readonly Entry[]): void => {
    for (const { user_id, timestamp } of entries) {
      heads.delete(user_id);
      partitions.forget(monthOf(timestamp));
    }
  };

  /** One user's entry that cannot be stored must not hold back the others. */
  const recordApart = async (entries: readonly Entry[], failure: unknown): Promise<void> => {
    const byUser = [...Map.groupBy(entries, ({ user_id }) => user_id).values()];
    if (byUser.length === 1 || asUnavailable(failure) !== undefined) throw failure;
    const failed: unknown[] = [];
    for (const ofUser of byUser) await recordAll(ofUser).catch((error: unknown) => failed.push(error));
    if (failed.length > 0) throw failed[0];
  };

  return {
    record: (entries) =>
      turns.run(new Set(entries.map(({ user_id }) => user_id)), () =>
        recordAll(entries).catch((error: unknown) => recordApart(entries, error)),
      ),
  };
};

/** PostgreSQL has no partition for a row (SQLSTATE 23514): retention took it away since we looked. */
const isPartitionGone = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "23514" && /no partition/.test(error.message);
