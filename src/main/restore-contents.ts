import pg from "pg";
import { readArchive } from "../adapters/backup/archive.ts";
import { createFileWriter } from "../adapters/backup/files.ts";
import { createTableLoader, prepareSession, type TableHeader } from "../adapters/backup/tables.ts";
import type { Database } from "../adapters/db/database.ts";
import { knownMigrations, makePartitionFunctions, migrate, migrateDownTo } from "../adapters/db/migrate.ts";
import { Refusal } from "../adapters/refusal.ts";
import { makePartition, monthOfPartition } from "../services/audit/partitions.ts";
import { type BackupHeader, fingerprintOf } from "./backup-contents.ts";

export interface Backup {
  readonly path: string;
  readonly passphrase: string | undefined;
  readonly header: BackupHeader;
  readonly tables: readonly TableHeader[];
  /** The audit key among its secrets; none when it was given from outside. */
  readonly auditKey: string | undefined;
}

/** Reads a backup from end to end before anything is written. @throws Refusal when it is not whole, or too new. */
export async function readBackup(path: string, passphrase: string | undefined): Promise<Backup> {
  let header: BackupHeader | undefined;
  const tables: TableHeader[] = [];
  let file = "";
  let secrets = "";
  for await (const { kind, json } of readArchive(path, passphrase)) {
    if (kind === "header") header = JSON.parse(json) as BackupHeader;
    else if (kind === "table") tables.push(JSON.parse(json) as TableHeader);
    else if (kind === "file") file = JSON.parse(json) as string;
    else if (kind === "data" && file === "data/secrets.json")
      secrets += Buffer.from(JSON.parse(json) as string, "base64").toString();
  }
  if (header?.taskflow_backup !== 1) throw new Refusal(`${path} is no backup that this TaskFlow can read.`);
  const newer = header.schema.filter((name) => !knownMigrations.includes(name));
  if (newer.length > 0)
    throw new Refusal(
      `${path} was made by a newer TaskFlow (${header.release}: its schema has ${newer.join(", ")}); restore it with that release or a newer one.`,
    );
  const { auditKey } = (secrets === "" ? {} : JSON.parse(secrets)) as { auditKey?: string };
  return { path, passphrase, header, tables, auditKey };
}

/** @throws Refusal when the history could not be proven any more with this key. */
export function checkAuditKey({ header, path }: Backup, auditKey: string | undefined): void {
  if (auditKey === undefined)
    throw new Refusal(`${path} has no audit key (it was given from outside); give it in TASKFLOW_AUDIT_KEY.`);
  if (fingerprintOf(auditKey) !== header.audit_key)
    throw new Refusal(
      `TASKFLOW_AUDIT_KEY is not the key that the history in ${path} was signed with; give that one. Nothing was restored.`,
    );
}

/**
 * Makes the schema as it was, fills it in one transaction that compares every table with what was backed up, writes the
 * files, and brings the schema up to date.
 */
export async function restoreContents(
  backup: Backup,
  database: Database,
  target: { url: string; dataDir: string; auditDir: string },
): Promise<void> {
  const level = backup.header.schema.at(-1);
  if (level !== undefined) await migrateDownTo(database.kysely, level);
  const partitions = backup.tables.flatMap((table) => table.partitions);
  if (partitions.length > 0) await makePartitionFunctions(database.kysely);
  for (const partition of partitions) await makePartition(database, monthOfPartition(partition));
  const client = new pg.Client({ connectionString: target.url, application_name: "taskflow restore" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await prepareSession(client);
    await client.query("BEGIN");
    await fill(backup, client, target);
    await client.query("COMMIT");
    await client.query("ANALYZE");
  } finally {
    await client.end();
  }
  await migrate(database.kysely);
}

async function fill(
  { path, passphrase }: Backup,
  client: pg.Client,
  { dataDir, auditDir }: { dataDir: string; auditDir: string },
): Promise<void> {
  const loader = await createTableLoader(client);
  const files = createFileWriter({ data: dataDir, audit: auditDir });
  for await (const { kind, json } of readArchive(path, passphrase)) {
    if (kind === "table") await loader.begin(JSON.parse(json) as TableHeader);
    else if (kind === "row") await loader.row(json);
    else if (kind === "sequence") await loader.sequence(json);
    else if (kind === "file") await files.begin(json);
    else if (kind === "data") await files.data(json);
  }
  await files.close();
  await loader.finish();
}
