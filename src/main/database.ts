import { Client } from "pg";
import { refuseUnfinishedRestore } from "../adapters/backup/unfinished.ts";
import { startEmbeddedPostgres } from "../adapters/db/embedded.ts";
import { Refusal } from "../adapters/refusal.ts";
import type { Logger } from "../ports.ts";
import type { Config } from "./config.ts";
import { roleNames } from "./settings.ts";

/** A database to work on, and what to do with it at the end. */
export interface Database {
  readonly url: string;
  announce(address: string): void;
  stop(graceMs: number): Promise<void>;
}

const oldestVersion = 15;
const connectTimeoutMs = 5_000;

/** The embedded server of the data folder, or the one that DATABASE_URL names, looked at first. */
export async function openDatabase(config: Config, log: Logger): Promise<Database> {
  const { databaseUrl: url, dataDir } = config;
  refuseUnfinishedRestore(dataDir);
  if (!url) return startEmbeddedPostgres({ dataDir, log });
  // One service of several starts while the database is away and waits for it; a person at a terminal wants to know.
  const mayBeAway = config.roles.length < roleNames.length;
  await checkDatabase(url, { mayBeAway, log });
  return { url, announce: () => undefined, stop: async () => undefined };
}

/** @throws Refusal when the URL is wrong or the server too old; when nothing answers, unless that `mayBeAway`. */
async function checkDatabase(url: string, { mayBeAway, log }: { mayBeAway: boolean; log: Logger }): Promise<void> {
  try {
    await checkVersion(url);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const refusal = explain(error as DatabaseFailure, url);
    if (!mayBeAway || isMistake(error as DatabaseFailure)) throw refusal;
    log.warn({ reason: refusal.message }, "the database is away; starting without it");
  }
}

async function checkVersion(url: string): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: connectTimeoutMs,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    const version = rows[0]?.server_version ?? "";
    if (Number.parseInt(version, 10) >= oldestVersion) return;
    throw new Refusal(
      `The database of DATABASE_URL is PostgreSQL ${version}; TaskFlow needs ${oldestVersion} or newer.`,
    );
  } finally {
    // An orderly goodbye would wait for a server that may be gone.
    void client.end().catch(() => undefined);
  }
}

interface DatabaseFailure extends Error {
  /** An SQLSTATE from the server, or an errno name from the network. */
  readonly code?: string;
}

/** Invalid authorization (class 28) and unknown database: waiting will not help. */
function isMistake({ code }: DatabaseFailure): boolean {
  return code !== undefined && /^(28...|3D000)$/.test(code);
}

function explain(error: DatabaseFailure, url: string): Refusal {
  const { hostname, port, username, pathname, searchParams } = new URL(url);
  const where = `${searchParams.get("host") ?? (hostname || "localhost")}:${searchParams.get("port") ?? (port || "5432")}`;
  if (error.code === "3D000")
    return new Refusal(
      `DATABASE_URL names the database ${pathname.slice(1)}, which the server at ${where} does not have.`,
    );
  if (isMistake(error))
    return new Refusal(
      `The server at ${where} of DATABASE_URL does not let ${username || searchParams.get("user") || "this user"} in (${error.message}).`,
    );
  return new Refusal(`The database of DATABASE_URL at ${where} cannot be used (${error.message || error.code}).`);
}
