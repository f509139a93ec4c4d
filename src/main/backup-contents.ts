import { createHash } from "node:crypto";
import pg from "pg";
import type { Line } from "../adapters/backup/archive.ts";
import { dumpFile, listFiles } from "../adapters/backup/files.ts";
import { dumpTables, prepareSession } from "../adapters/backup/tables.ts";
import { headsFile } from "../services/audit/head-export.ts";
import { version } from "./version.ts";

/** The first line of a backup. */
export interface BackupHeader {
  readonly taskflow_backup: 1;
  readonly release: string;
  readonly created_at: string;
  readonly postgresql: string;
  /** The migrations that its schema has had. */
  readonly schema: readonly string[];
  /** Tells the audit key from another one, and says nothing of it. */
  readonly audit_key: string;
}

export interface BackupSource {
  readonly url: string;
  readonly dataDir: string;
  readonly auditDir: string;
  readonly auditKey: string;
  readonly now: Date;
}

export const fingerprintOf = (auditKey: string): string =>
  createHash("sha256").update("taskflow audit key\n").update(auditKey).digest("hex");

/** Everything that a TaskFlow needs to go on elsewhere, and to prove its history there, as it was at one moment. */
export async function* backupContents(source: BackupSource): AsyncGenerator<Line> {
  const client = new pg.Client({ connectionString: source.url, application_name: "taskflow backup" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await prepareSession(client);
    yield { kind: "header", json: JSON.stringify(await headerOf(client, source)) };
    // Exported heads before the snapshot, archives after it: no head is of a row that came later, and no month that has
    // left the table is missing.
    yield* dumpFile("audit", source.auditDir, headsFile);
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    yield* dumpTables(client);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
  for (const name of await listFiles(source.auditDir, (file) => file.startsWith("task-events-")))
    yield* dumpFile("audit", source.auditDir, name);
  yield* dumpFile("data", source.dataDir, "secrets.json");
}

async function headerOf(client: pg.Client, { auditKey, now }: BackupSource): Promise<BackupHeader> {
  const { rows } = await client.query<{ name: string }>("SELECT name FROM kysely_migration ORDER BY name");
  const server = await client.query<{ server_version: string }>("SHOW server_version");
  return {
    taskflow_backup: 1,
    release: version,
    created_at: now.toISOString(),
    postgresql: server.rows[0]?.server_version ?? "",
    schema: rows.map(({ name }) => name),
    audit_key: fingerprintOf(auditKey),
  };
}
