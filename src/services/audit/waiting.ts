import type { Database } from "../../adapters/db/database.ts";
import type { Head } from "./chain.ts";
import type { Entry } from "./entry.ts";

/** Users asked for who have no head have no chain yet. */
export const readHeads = async (database: Database, users: readonly string[]): Promise<ReadonlyMap<string, Head>> => {
  const rows = await database.prepared<{ user_id: string; sequence: number; hash: Buffer }>(
    "audit-heads",
    "SELECT user_id, sequence, hash FROM audit_heads WHERE user_id = ANY ($1::uuid[])",
    [users],
  );
  return new Map(rows.map(({ user_id, sequence, hash }) => [user_id, { sequence, hash }]));
};

/** Of a user with more waiting than this, the rest is chained in the next rounds. */
const MOST_OF_A_USER = 1_000;

const waitingStatement = `
SELECT w.* FROM unnest($1::uuid[]) AS u (user_id) CROSS JOIN LATERAL
  (SELECT * FROM audit_waiting w WHERE w.user_id = u.user_id ORDER BY sequence LIMIT $2) w`;

type WaitingRow = Omit<Entry, "timestamp"> & { readonly occurred_at: Date; readonly arrived_at: Date };

/** What waits of these users, the first sequences first. */
export const readWaiting = async (database: Database, users: readonly string[]): Promise<readonly Entry[]> => {
  const rows = await database.prepared<WaitingRow & Record<string, unknown>>("audit-waiting", waitingStatement, [
    users,
    MOST_OF_A_USER,
  ]);
  return rows.map(({ occurred_at, arrived_at: _arrivedAt, ...entry }) => ({
    ...entry,
    timestamp: occurred_at.toISOString(),
  }));
};

/** What became of users of whom something waits. */
export interface WaitingUser {
  readonly userId: string;
  /** The last sequence in the chain. */
  readonly head: number;
  /** The lowest sequence that waits. */
  readonly lowest: number;
  /** Since the first of them arrived. */
  readonly seconds: number;
}

const usersStatement = `
SELECT w.user_id AS "userId", coalesce(h.sequence, 0) AS head, min(w.sequence) AS lowest, extract(epoch FROM now() - min(w.arrived_at))::float8 AS seconds
FROM audit_waiting w LEFT JOIN audit_heads h USING (user_id) GROUP BY w.user_id, h.sequence ORDER BY min(w.arrived_at) LIMIT $1`;

export const readWaitingUsers = (database: Database, limit: number): Promise<readonly WaitingUser[]> =>
  database.prepared("audit-waiting-users", usersStatement, [limit]);
