import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readArchive, writeArchive } from "../../adapters/backup/archive.ts";
import { startEmbeddedPostgres } from "../../adapters/db/embedded.ts";
import { runningServerUrl } from "../../adapters/db/embedded/running-server.ts";
import { Refusal } from "../../adapters/refusal.ts";
import { backupContents } from "../backup-contents.ts";
import { readConfig, type Config } from "../config.ts";
import { createLog } from "../log.ts";

/** `taskflow backup [FILE|DIR]`, beside a running TaskFlow or without one. */
export async function backup(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { "env-file": { type: "string" } },
  });
  if (positionals.length > 1) throw new Refusal("Say backup [FILE|DIR].");
  const envFile = values["env-file"];
  const config = readConfig(process.env, envFile === undefined ? {} : { envFile });
  const now = new Date();
  const path = pathOf(positionals[0] ?? ".", now);
  await onServer(config, async (url) => {
    const contents = backupContents({ ...config, url, now });
    const bytes = await writeArchive(path, contents, config.backupPassphrase);
    const lines = await countLines(path, config.backupPassphrase);
    process.stdout.write(`${path}: ${(bytes / 1_048_576).toFixed(1)} MiB, ${lines} lines, read back and whole.\n`);
  });
  if (config.backupPassphrase === undefined)
    process.stderr.write(
      "It is not sealed and holds the secrets of this installation: keep it closed, or set TASKFLOW_BACKUP_PASSPHRASE.\n",
    );
}

async function countLines(path: string, passphrase: string | undefined): Promise<number> {
  let lines = 0;
  for await (const _line of readArchive(path, passphrase)) lines += 1;
  return lines;
}

/** DATABASE_URL, the server of a running TaskFlow, or the data folder's own for as long as the work takes. */
async function onServer(config: Config, work: (url: string) => Promise<void>): Promise<void> {
  const url = config.databaseUrl ?? (await runningServerUrl(config.dataDir));
  if (url !== undefined) return work(url);
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir, log: createLog("warn") });
  try {
    await work(server.url);
  } finally {
    await server.stop();
  }
}

function pathOf(target: string, now: Date): string {
  const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? target.endsWith("/");
  if (!isFolder) return resolve(target);
  return resolve(join(target, `taskflow-${now.toISOString().replaceAll(/[:.]/g, "-")}.backup`));
}
