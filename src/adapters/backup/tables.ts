import type pg from "pg";
import { Refusal } from "../refusal.ts";
import type { Line } from "./archive.ts";

/** What stands before a table's rows. */
export interface TableHeader {
  readonly name: string;
  readonly columns: readonly string[];
  /** The partitions it has; their rows are among the table's. */
  readonly partitions: readonly string[];
  readonly rows: number;
  /** Of all rows, in any order: what was restored is compared with it. */
  readonly digest: string;
}

interface SequenceValue {
  readonly name: string;
  readonly value: string;
  readonly called: boolean;
}

/** A value is the same text on every server. */
const SESSION =
  "SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET timezone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
const FETCH_ROWS = 500;
/** The migrations' own tables: the schema is made by migrating. */
const OWN = "kysely\\_%";

export const prepareSession = async (client: pg.Client): Promise<void> => void (await client.query(SESSION));

/** Every table with its rows, and every sequence, as one transaction sees them. */
export async function* dumpTables(client: pg.Client): AsyncGenerator<Line> {
  for (const header of await describeTables(client)) {
    yield { kind: "table", json: JSON.stringify(header) };
    yield* dumpRows(client, header);
  }
  const { rows } = await client.query<{ name: string }>(
    "SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );
  for (const { name } of rows) yield { kind: "sequence", json: JSON.stringify(await sequenceValue(client, name)) };
}

async function describeTables(client: pg.Client): Promise<readonly TableHeader[]> {
  const { rows } = await client.query<Pick<TableHeader, "name" | "columns" | "partitions">>(
    `SELECT c.relname AS name,
            (SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
            (SELECT coalesce(json_agg(p.relname ORDER BY p.relname), '[]') FROM pg_inherits i
               JOIN pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid) AS partitions
       FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition AND c.relname NOT LIKE $1
      ORDER BY c.relname`,
    [OWN],
  );
  const headers: TableHeader[] = [];
  for (const table of rows) headers.push({ ...table, ...(await digestOf(client, table)) });
  return headers;
}

/** How many rows there are, and a sum over the text of each. */
export async function digestOf(
  client: pg.Client,
  { name, columns }: Pick<TableHeader, "name" | "columns">,
): Promise<Pick<TableHeader, "rows" | "digest">> {
  const { rows } = await client.query<{ rows: string; digest: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(ROW(${list(columns)})::text, 0)), 0)::text AS digest FROM ${id(name)}`,
  );
  return { rows: Number(rows[0]?.rows), digest: rows[0]?.digest ?? "" };
}

async function* dumpRows(client: pg.Client, { name, columns }: TableHeader): AsyncGenerator<Line> {
  // A raw line end can only be between the parts of a value of type json: a space means the same there.
  await client.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR
     SELECT translate(to_json(r)::text, E'\\n\\r', '  ') AS json FROM (SELECT ${list(columns)} FROM ${id(name)}) r`,
  );
  for (;;) {
    const { rows } = await client.query<{ json: string }>(`FETCH ${FETCH_ROWS} FROM backup_rows`);
    for (const { json } of rows) yield { kind: "row", json };
    if (rows.length < FETCH_ROWS) break;
  }
  await client.query("CLOSE backup_rows");
}

async function sequenceValue(client: pg.Client, name: string): Promise<SequenceValue> {
  const { rows } = await client.query<{ value: string; called: boolean }>(
    `SELECT last_value::text AS value, is_called AS called FROM ${id(name)}`,
  );
  return { name, value: rows[0]?.value ?? "1", called: rows[0]?.called ?? false };
}

export interface TableLoader {
  begin(header: TableHeader): Promise<void>;
  row(json: string): Promise<void>;
  sequence(json: string): Promise<void>;
  /** Compares every table with its header, and holds every row against the foreign keys again. */
  finish(): Promise<void>;
}

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

const BATCH_BYTES = 1_000_000;
const BATCH_ROWS = 2_000;

/** Fills the empty tables of a schema that is at the backup's level, in the caller's transaction. */
export async function createTableLoader(client: pg.Client): Promise<TableLoader> {
  const keys = await dropForeignKeys(client);
  const headers: TableHeader[] = [];
  let batch: string[] = [];
  let bytes = 0;

  const flush = async (): Promise<void> => {
    const header = headers.at(-1);
    if (header === undefined || batch.length === 0) return;
    const { name, columns } = header;
    await client.query(
      `INSERT INTO ${id(name)} (${list(columns)}) OVERRIDING SYSTEM VALUE
       SELECT ${list(columns)} FROM json_populate_recordset(NULL::${id(name)}, $1::json)`,
      [`[${batch.join(",")}]`],
    );
    batch = [];
    bytes = 0;
  };

  return {
    async begin(header) {
      await flush();
      await requireEmpty(client, header.name);
      headers.push(header);
    },
    async row(json) {
      batch.push(json);
      bytes += json.length;
      if (bytes >= BATCH_BYTES || batch.length >= BATCH_ROWS) await flush();
    },
    async sequence(json) {
      await flush();
      const { name, value, called } = JSON.parse(json) as SequenceValue;
      await client.query("SELECT setval($1::regclass, $2::bigint, $3)", [id(name), value, called]);
    },
    async finish() {
      await flush();
      for (const header of headers) await compare(client, header);
      for (const { table, name, definition } of keys)
        await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${id(name)} ${definition}`);
    },
  };
}

/** Rows refer to rows that come later; the keys are put back when all are there, which checks them. */
async function dropForeignKeys(client: pg.Client): Promise<readonly ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint
      WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace`,
  );
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${id(name)}`);
  return rows;
}

async function requireEmpty(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ made: boolean }>("SELECT to_regclass($1) IS NOT NULL AS made", [id(name)]);
  if (rows[0]?.made !== true)
    throw new Refusal(`The backup has a table ${name} that TaskFlow's schema does not have; nothing was restored.`);
  const { rowCount } = await client.query(`SELECT FROM ${id(name)} LIMIT 1`);
  if (rowCount !== 0) throw new Refusal(`The database has data already (in ${name}); restore into an empty one.`);
}

async function compare(client: pg.Client, header: TableHeader): Promise<void> {
  const { rows, digest } = await digestOf(client, header);
  if (rows !== header.rows || digest !== header.digest)
    throw new Refusal(
      `The table ${header.name} is not what was backed up (${rows} rows of ${header.rows}); nothing was restored.`,
    );
}

const id = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const list = (names: readonly string[]): string => names.map(id).join(", ");
