import type { Client } from "pg";
import type { Database } from "../../adapters/db/database.ts";
import { canonicalJson } from "../../domain/audit/canonical-json.ts";
import type { Clock, Logger, Metrics } from "../../ports.ts";
import { equal, type HeadSigner } from "./chain.ts";
import { unhurried } from "./unhurried.ts";

export interface ErasureDeps {
  readonly database: Database;
  readonly signer: HeadSigner;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Who asked for it, and what was done. */
interface Erasure {
  readonly user_id: string;
  readonly requested_at: Date;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly correlation_id: string;
  readonly last_sequence: number;
  readonly erased_at: Date;
  /** In the table. */
  readonly rows: number;
}

/** All of the account's events have to be in the chain: what came later would bring words again. */
const dueStatement = `
SELECT a.* FROM account_erasures a LEFT JOIN audit_heads h USING (user_id)
WHERE NOT EXISTS (SELECT FROM audit_erasures e WHERE e.user_id = a.user_id) AND coalesce(h.sequence, 0) >= a.last_sequence LIMIT 100`;

/**
 * Takes the words of closed accounts out of the history, and the keys to those in archives; the chains stay. Safe to
 * run anywhere and to interrupt.
 */
export const runErasures = async (deps: ErasureDeps): Promise<void> => {
  const due = await deps.database.prepared<Omit<Erasure, "erased_at" | "rows"> & Record<string, unknown>>(
    "audit-due-erasures",
    dueStatement,
    [],
  );
  if (due.length === 0) return;
  const client = await deps.database.connect();
  try {
    for (const request of due) await erase(deps, client, request);
    // Months that are over get no new rows, so nothing else would ever give back the room of the old ones.
    await client.query(unhurried("VACUUM task_events"));
  } finally {
    await client.end();
  }
};

/** Words, key and the record that they are gone: all of it or nothing. */
const erase = async (
  { signer, clock, log, metrics }: ErasureDeps,
  client: Client,
  request: Omit<Erasure, "erased_at" | "rows">,
): Promise<void> => {
  await client.query("BEGIN");
  try {
    const {
      rows: [erased],
    } = await client.query<{ rows: number }>(unhurried("SELECT erase_history($1) AS rows", [request.user_id]));
    const erasure: Erasure = { ...request, erased_at: new Date(clock.now()), rows: erased?.rows ?? 0 };
    const { rowCount } = await client.query(
      "INSERT INTO audit_erasures (user_id, erased_at, rows, signature) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
      [erasure.user_id, erasure.erased_at, erasure.rows, signatureOf(signer, erasure)],
    );
    await client.query("COMMIT");
    if (rowCount === 0) return;
    metrics.count("taskflow_audit_erased_rows_total", {}, erasure.rows);
    log.info({ rows: erasure.rows }, "the history of a closed account was erased");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
};

const signatureOf = (signer: HeadSigner, { requested_at, erased_at, ...erasure }: Erasure): Buffer =>
  signer.signText(
    "taskflow audit erasure v1",
    canonicalJson({ ...erasure, erased_at: erased_at.toISOString(), requested_at: requested_at.toISOString() }),
  );

const recordedStatement = `
SELECT a.*, e.erased_at, e.rows, e.signature FROM audit_erasures e JOIN account_erasures a USING (user_id) WHERE $1::uuid IS NULL OR user_id = $1`;

/**
 * Of whom it is proven that they were erased: the record is signed, so that nobody else can take words away and say it
 * was that.
 */
export const readErased = async (
  { database, signer }: Pick<ErasureDeps, "database" | "signer">,
  userId?: string,
): Promise<ReadonlySet<string>> => {
  const rows = await database.prepared<Erasure & { signature: Buffer } & Record<string, unknown>>(
    "audit-erasures",
    recordedStatement,
    [userId ?? null],
  );
  return new Set(
    rows
      .filter(({ signature, ...erasure }) => equal(signatureOf(signer, erasure as Erasure), signature))
      .map(({ user_id }) => user_id),
  );
};
