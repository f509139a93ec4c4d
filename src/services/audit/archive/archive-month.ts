import type { Client } from "pg";
import type { Database } from "../../../adapters/db/database.ts";
import type { LineStore } from "../../../ports.ts";
import type { HeadSigner } from "../chain.ts";
import { type Month, partitionOf } from "../partitions.ts";
import { unhurried } from "../unhurried.ts";
import { hasWords, lineOfRow } from "./archived-row.ts";
import { createContentKeys } from "./content-keys.ts";
import { archiveName, checkArchive, fileOf, removeArchive, writeManifest } from "./manifest.ts";
import { readPartition } from "./read-rows.ts";

export interface ArchiveDeps {
  readonly database: Database;
  readonly store: LineStore;
  readonly signer: HeadSigner;
}

/**
 * Moves a month from the table to an archive: written, read back and compared, and only then dropped, in one
 * transaction that finds the partition as it was compared. Whatever dies in between, nothing is lost and the next run
 * begins again with the same file. Answers how many rows it moved. `client` has no statement timeout.
 * @throws when the archive cannot be written, is not what was written, or the month has got new rows meanwhile
 */
export const archiveMonth = async (deps: ArchiveDeps, client: Client, month: Month): Promise<number> => {
  const earlier = await archivesOf(client, month);
  const name = archiveName(month, 1 + Math.max(0, ...earlier.map(numberOf)));
  const rows = await writeArchive(deps, name, month);
  const replaced = earlier.filter(({ restored }) => restored).map((archive) => archive.name);
  await dropPartition(client, { name, month, rows, replaced });
  for (const old of replaced) await removeArchive(deps.store, old);
  return rows;
};

interface EarlierArchive {
  readonly name: string;
  /** Its rows are in the table again, so the new archive takes its place. */
  readonly restored: boolean;
}

const archivesOf = async (client: Client, month: Month): Promise<readonly EarlierArchive[]> =>
  (
    await client.query<{ name: string; restored: boolean }>(
      "SELECT name, restored_until IS NOT NULL AS restored FROM audit_archives WHERE month = $1",
      [`${month}-01`],
    )
  ).rows;

const numberOf = ({ name }: EarlierArchive): number => Number(name.split(".").at(-1));

const writeArchive = async ({ database, store, signer }: ArchiveDeps, name: string, month: Month): Promise<number> => {
  let rows = 0;
  const counted = async function* (): AsyncGenerator<string> {
    for await (const line of linesOf(database, month)) {
      rows += 1;
      yield line;
    }
  };
  const written = await store.write(fileOf(name), counted());
  const manifest = { format: 2, name, month, rows, ...written } as const;
  await writeManifest(store, signer, manifest);
  const wrong = await checkArchive(store, manifest);
  if (wrong !== undefined) throw new Error(`the archive ${name} cannot be trusted: ${wrong}`);
  await compare({ database, store }, name, month);
  return rows;
};

async function* linesOf(database: Database, month: Month): AsyncGenerator<string> {
  const keys = createContentKeys(database);
  for await (const row of readPartition(database, month))
    yield lineOfRow(row, hasWords(row) ? await keys.make(row.user_id) : undefined);
}

/**
 * Reads the archive back, line by line beside the table: nothing was lost on the way, and nobody was erased meanwhile.
 */
const compare = async (
  { database, store }: Pick<ArchiveDeps, "database" | "store">,
  name: string,
  month: Month,
): Promise<void> => {
  const archived = store.read(fileOf(name))[Symbol.asyncIterator]();
  let number = 0;
  for await (const line of linesOf(database, month)) {
    number += 1;
    if ((await archived.next()).value !== line)
      throw new Error(`the archive ${name} differs from the table at line ${number}`);
  }
  if ((await archived.next()).done !== true) throw new Error(`the archive ${name} has more rows than the table`);
};

interface DropInput {
  readonly name: string;
  readonly month: Month;
  readonly rows: number;
  readonly replaced: readonly string[];
}

const LOCK_TIMEOUT = "5s";

/**
 * The one way out of the table: a whole partition, by a function that finds it archived and as it was compared. What the chain needs to go on without it stays: where
 * each stretch of it began and ended.
 */
const dropPartition = async (client: Client, { name, month, rows, replaced }: DropInput): Promise<void> => {
  const partition = partitionOf(month);
  await client.query("BEGIN");
  try {
    await client.query("DELETE FROM audit_archives WHERE name = ANY ($1::text[])", [replaced]);
    if (rows > 0) {
      await client.query("INSERT INTO audit_archives (name, month, rows) VALUES ($1, $2, $3)", [
        name,
        `${month}-01`,
        rows,
      ]);
      await client.query(unhurried(runsStatement(partition), [name]));
    }
    await client.query(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query(unhurried("SELECT drop_history_partition($1::date, $2)", [`${month}-01`, rows]));
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
};

/**
 * Stretches of consecutive sequences; the hash before a stretch is that of a row in another partition, of another
 * archive, or none.
 */
const runsStatement = (partition: string): string => `
WITH numbered AS (
  SELECT user_id, sequence, hash, sequence - row_number() OVER (PARTITION BY user_id ORDER BY sequence) AS run FROM ${partition}
), runs AS (
  SELECT user_id, min(sequence) AS first, max(sequence) AS last FROM numbered GROUP BY user_id, run
)
INSERT INTO audit_archived_runs (archive, user_id, first_sequence, last_sequence, previous_hash, last_hash)
SELECT $1, r.user_id, r.first, r.last, coalesce(before.hash, archived.last_hash, decode(repeat('00', 32), 'hex')), last_row.hash
FROM runs r JOIN ${partition} last_row ON last_row.user_id = r.user_id AND last_row.sequence = r.last
LEFT JOIN task_events before ON before.user_id = r.user_id AND before.sequence = r.first - 1
LEFT JOIN audit_archived_runs archived ON archived.user_id = r.user_id AND archived.last_sequence = r.first - 1`;
