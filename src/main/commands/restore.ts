import { parseArgs } from "node:util";
import { beginRestore, endRestore } from "../../adapters/backup/unfinished.ts";
import { createDatabase, type Database, sql } from "../../adapters/db/database.ts";
import { startEmbeddedPostgres } from "../../adapters/db/embedded.ts";
import { createLineFolder } from "../../adapters/line-folder.ts";
import { Refusal } from "../../adapters/refusal.ts";
import { createHeadSigner } from "../../services/audit/chain.ts";
import { createLog } from "../log.ts";
import { readSettings, type Settings } from "../read-settings.ts";
import { checkAuditKey, readBackup, restoreContents, type Backup } from "../restore-contents.ts";
import { compare, verify } from "./audit.ts";

/** `taskflow restore FILE`, into an empty data folder or an empty database of DATABASE_URL. */
export async function restore(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { "env-file": { type: "string" } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new Refusal("Say restore FILE.");
  const envFile = values["env-file"];
  const settings = readSettings(process.env, envFile === undefined ? {} : { envFile });
  const backup = await readBackup(path, settings.backupPassphrase);
  const auditKey = settings.auditKey ?? backup.auditKey;
  checkAuditKey(backup, auditKey);
  const again = beginRestore(settings.dataDir);
  await onEmptyServer(settings, again, async (url, database) => {
    await restoreContents(backup, database, { url, dataDir: settings.dataDir, auditDir: settings.auditDir });
    await prove(backup, database, { auditDir: settings.auditDir, auditKey: auditKey ?? "" });
  });
  endRestore(settings.dataDir);
  process.stdout.write(`Restored as it was at ${backup.header.created_at}. Start TaskFlow to go on.\n`);
}

async function prove(
  { tables }: Backup,
  database: Database,
  { auditDir, auditKey }: { auditDir: string; auditKey: string },
): Promise<void> {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  process.stdout.write(`${rows} rows of ${tables.length} tables are what was backed up.\n`);
  const opened = { database, store: createLineFolder(auditDir), signer: createHeadSigner(auditKey) };
  await verify(opened, undefined, true);
  await compare(opened, 0, true);
}

async function onEmptyServer(
  { databaseUrl, dataDir }: Settings,
  again: boolean,
  work: (url: string, database: Database) => Promise<void>,
): Promise<void> {
  // The mark is in the data folder: it says nothing of a server elsewhere, where nothing is ever removed.
  if (databaseUrl !== undefined) return onDatabase(databaseUrl, false, work);
  const server = await startEmbeddedPostgres({ dataDir, log: createLog("warn") });
  try {
    await onDatabase(server.url, again, work);
  } finally {
    await server.stop();
  }
}

async function onDatabase(
  url: string,
  again: boolean,
  work: (url: string, database: Database) => Promise<void>,
): Promise<void> {
  const database = createDatabase({
    url,
    connections: 2,
    applicationName: "taskflow restore",
    onConnectionError: () => undefined,
    unlimited: true,
  });
  try {
    if (again) await sql.raw("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute(database.kysely);
    await requireEmpty(database);
    await work(url, database);
  } finally {
    await database.close();
  }
}

async function requireEmpty(database: Database): Promise<void> {
  const { rows } = await sql<{
    name: string;
  }>`SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LIMIT 1`.execute(
    database.kysely,
  );
  if (rows[0] !== undefined)
    throw new Refusal(`The database has tables already (${rows[0].name}); restore into an empty one.`);
}
