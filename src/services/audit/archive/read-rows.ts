import type pg from "pg";
import type { Database } from "../../../adapters/db/database.ts";
import { type Month, partitionOf } from "../partitions.ts";
import type { StoredRow } from "./archived-row.ts";

const PAGE = 2_000;

type Row = Omit<StoredRow, "timestamp"> & { readonly occurred_at: Date } & pg.QueryResultRow;

/**
 * Every row of a month's partition by user and sequence, a page at a time. The name is made of digits: no text from
 * outside is in it.
 */
export async function* readPartition(database: Pick<Database, "prepared">, month: Month): AsyncGenerator<StoredRow> {
  const statement = `SELECT * FROM ${partitionOf(month)} WHERE (user_id, sequence) > ($1::uuid, $2::bigint) ORDER BY user_id, sequence LIMIT ${PAGE}`;
  let [user, sequence] = ["00000000-0000-0000-0000-000000000000", 0];
  for (;;) {
    const rows = await database.prepared<Row>(`audit-partition-${month}`, statement, [user, sequence]);
    for (const { occurred_at, ...row } of rows) yield { ...row, timestamp: occurred_at.toISOString() };
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    [user, sequence] = [last.user_id, last.sequence];
  }
}
