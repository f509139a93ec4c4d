import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Logger } from "../../../ports.ts";
import { Refusal } from "../../refusal.ts";
import type { Binaries } from "./binaries.ts";
import type { Launch } from "./launch.ts";
import type { ServerAccount } from "./server-account.ts";

export interface ClusterDeps {
  readonly binaries: Binaries;
  readonly launch: Launch;
  readonly account: ServerAccount | undefined;
  readonly log: Logger;
}

/** @throws Refusal when the cluster was made by another major version: PostgreSQL reads only its own. */
export function checkMajor(cluster: string, { major }: Binaries): void {
  const found = readFileSync(join(cluster, "PG_VERSION"), "utf8").trim();
  if (Number.parseInt(found, 10) === major) return;
  throw new Refusal(
    `The database in ${cluster} was made by PostgreSQL ${found} and this TaskFlow brings PostgreSQL ${major}; back it up with the TaskFlow that made it and restore the backup with this one into a new folder (docs/backup.md says how); nothing was changed.`,
  );
}

/**
 * Makes the cluster with its role and database `taskflow`, under another name first: what is called `postgres` is
 * whole, whatever died in between.
 */
export async function makeCluster(cluster: string, deps: ClusterDeps): Promise<void> {
  reportUnfinished(cluster, deps.log);
  const unfinished = mkdtempSync(`${cluster}.unfinished-`);
  chmodSync(unfinished, 0o700);
  if (deps.account) chownSync(unfinished, deps.account.uid, deps.account.gid);
  // Collation from PostgreSQL itself, not from the system's C library: an upgrade of the system cannot break an index.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  await finish(
    deps.launch(deps.binaries.initdb, [`--pgdata=${unfinished}`, "--username=postgres", "--auth=peer", ...locale]),
  );
  const single = deps.launch(deps.binaries.postgres, ["--single", "-D", unfinished, "postgres"]);
  single.stdin?.end("CREATE ROLE taskflow LOGIN;\nCREATE DATABASE taskflow OWNER taskflow;\n");
  await finish(single);
  renameSync(unfinished, cluster);
  syncFolder(dirname(cluster));
}

/**
 * Who may connect: processes of these system users over the socket, as the role `taskflow`, as a service's role
 * (`taskflow_…`, where there are such roles), or as `postgres`, to look after it. The kernel says who they are, so there
 * is no password to keep. Written at each start, since the folder may have moved.
 */
export function writeAccessRules(cluster: string, systemUsers: readonly string[]): void {
  const header = "# Written by TaskFlow at each start.\n";
  const map = systemUsers.flatMap((user) =>
    ["taskflow", "postgres", '"/^taskflow_[a-z_]+$"'].map((role) => `taskflow "${user}" ${role}`),
  );
  writeFileSync(join(cluster, "pg_hba.conf"), `${header}local all all peer map=taskflow\n`);
  writeFileSync(join(cluster, "pg_ident.conf"), `${header}${map.join("\n")}\n`);
}

/** Nothing in the data folder is removed by us, not even this. */
function reportUnfinished(cluster: string, log: Logger): void {
  const left = readdirSync(dirname(cluster)).filter((name) => name.startsWith(`${basename(cluster)}.unfinished-`));
  for (const name of left)
    log.warn(
      { folder: join(dirname(cluster), name) },
      "an interrupted first start left this folder; it holds no data and may be deleted",
    );
}

async function finish(program: ChildProcess): Promise<void> {
  if (!program.stdout || !program.stderr) throw new Error("PostgreSQL's programs are started with pipes");
  const [output, complaint, [code]] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    once(program, "close"),
  ]);
  if (code === 0 && !/\b(ERROR|FATAL):/.test(complaint)) return;
  throw new Refusal(`The database could not be made: ${lastLine(complaint) || lastLine(output) || `code ${code}`}.`);
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Whether there is a whole cluster. */
export function clusterExists(cluster: string): boolean {
  return existsSync(join(cluster, "PG_VERSION"));
}
