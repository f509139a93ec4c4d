import type { Client } from "pg";
import { canonicalJson } from "../../../domain/audit/canonical-json.ts";
import { makePartition, type Month } from "../partitions.ts";
import type { ArchiveDeps } from "./archive-month.ts";
import { rowOfLine, type StoredRow } from "./archived-row.ts";
import { type ContentKeys, createContentKeys } from "./content-keys.ts";
import { checkArchive, fileOf, readManifest } from "./manifest.ts";

const BATCH = 1_000;

/**
 * Brings an archived month back into the table, until the instant given; then retention archives it again. All of it or
 * nothing. What was erased comes back without its words. Answers how many rows came back.
 * @throws when there is no archive of the month, or one cannot be trusted
 */
export const restoreMonth = async (
  { database, store, signer }: ArchiveDeps,
  month: Month,
  until: Date,
): Promise<number> => {
  const client = await database.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "SELECT name FROM audit_archives WHERE month = $1 AND restored_until IS NULL ORDER BY name",
      [`${month}-01`],
    );
    if (rows.length === 0) throw new Error(`there is no archive of ${month} to restore`);
    const names = rows.map(({ name }) => name);
    for (const name of names) await trust(store, signer, name);
    await makePartition(database, month);
    return await restore(client, { store, keys: createContentKeys(database) }, names, until);
  } finally {
    await client.end();
  }
};

const trust = async (store: ArchiveDeps["store"], signer: ArchiveDeps["signer"], name: string): Promise<void> => {
  const manifest = await readManifest(store, signer, name);
  const wrong = "wrong" in manifest ? manifest.wrong : await checkArchive(store, manifest);
  if (wrong !== undefined) throw new Error(`the archive ${name} cannot be trusted: ${wrong}`);
};

interface RestoreDeps {
  readonly store: ArchiveDeps["store"];
  readonly keys: ContentKeys;
}

const restore = async (
  client: Client,
  { store, keys }: RestoreDeps,
  names: readonly string[],
  until: Date,
): Promise<number> => {
  let count = 0;
  await client.query("BEGIN");
  try {
    for (const name of names) {
      for await (const batch of batches(store.read(fileOf(name)), keys)) {
        await client.query(insertStatement, [JSON.stringify(batch.map(jsonOfRow))]);
        count += batch.length;
      }
    }
    await client.query("DELETE FROM audit_archived_runs WHERE archive = ANY ($1::text[])", [names]);
    await client.query("UPDATE audit_archives SET restored_until = $2 WHERE name = ANY ($1::text[])", [names, until]);
    await client.query("COMMIT");
    return count;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
};

/** `changes` comes as text, so that it goes back as it was, byte for byte. */
const insertStatement = `
INSERT INTO task_events (user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, salt, content_digest, hash)
SELECT user_id, sequence, timestamp, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes::json,
  decode(salt, 'hex'), decode(content_digest, 'hex'), decode(hash, 'hex')
FROM json_to_recordset($1::json) AS r (user_id uuid, sequence bigint, timestamp timestamptz, event_id uuid, event_type text, task_id uuid, task_version int, actor_kind text,
  actor_id text, correlation_id text, task_title text, changes text, salt text, content_digest text, hash text)`;

const jsonOfRow = (row: StoredRow): object => ({
  ...row,
  changes: row.changes === null ? null : canonicalJson(row.changes),
  salt: row.salt?.toString("hex") ?? null,
  content_digest: row.content_digest?.toString("hex") ?? null,
  hash: row.hash.toString("hex"),
});

async function* batches(lines: AsyncIterable<string>, keys: ContentKeys): AsyncGenerator<readonly StoredRow[]> {
  let batch: StoredRow[] = [];
  for await (const line of lines) {
    batch.push(await rowOfLine(line, keys));
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
