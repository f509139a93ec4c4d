import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Refusal } from "../../adapters/refusal.ts";
import type { Logger } from "../../ports.ts";
import { compose } from "../compose.ts";
import { readConfig, type Config } from "../config.ts";
import { openDatabase, type Database } from "../database.ts";
import { createLog } from "../log.ts";
import { listenForStop } from "../stop-signal.ts";

type App = Awaited<ReturnType<typeof compose>>;

/** What is kept of the grace period for PostgreSQL's own shutdown. */
const databaseStopMs = 2_000;

/** Runs TaskFlow until SIGTERM or SIGINT. */
export async function serve(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { "env-file": { type: "string" } } });
  const stop = listenForStop();
  const envFile = values["env-file"];
  const config = readConfig(process.env, envFile === undefined ? {} : { envFile });
  const log = createLog(config.logLevel);
  if (!config.rateLimits) log.warn({}, "rate limits are off (TASKFLOW_RATE_LIMITS)");
  const database = await openDatabase(config, log);
  const app = await startApp(config, database, log);
  if (!stop.aborted) await once(stop, "abort");
  await stopAll({ app, database, log, graceMs: config.shutdownSeconds * 1_000, signal: String(stop.reason) });
}

async function startApp(config: Config, database: Database, log: Logger): Promise<App> {
  let app: App | undefined;
  try {
    app = await compose({ config, databaseUrl: database.url, log });
    const { address } = await app.start();
    database.announce(address);
    sayReady(address, config, log);
    return app;
  } catch (error) {
    await app?.stop().catch(() => undefined);
    await database.stop(databaseStopMs);
    throw explain(error, config);
  }
}

function sayReady(address: string, config: Config, log: Logger): void {
  if (!process.stdout.isTTY) log.info({ address, pid: process.pid }, `TaskFlow is ready at ${address}`);
  else
    process.stdout.write(
      `\n  TaskFlow is ready at ${address}\n  ${config.databaseUrl ? "" : `Your data is in ${config.dataDir}. `}Ctrl-C stops it.\n\n`,
    );
}

interface Running {
  readonly app: App;
  readonly database: Database;
  readonly log: Logger;
  readonly graceMs: number;
  readonly signal: string;
}

/**
 * The app first (it stops accepting, drains, and stops its services), PostgreSQL last; whoever hangs is left behind.
 */
async function stopAll({ app, database, log, graceMs, signal }: Running): Promise<void> {
  const startedAt = performance.now();
  log.info({ signal }, "stopping");
  const late = sleep(Math.max(graceMs - databaseStopMs, graceMs / 2), "late" as const, { ref: false });
  const end = await Promise.race([app.stop(), late]);
  if (end === "late")
    log.error({ grace_ms: graceMs }, "some work did not end within the grace period and is cut short");
  await database.stop(Math.max(graceMs - (performance.now() - startedAt), 0) / 2);
  log.info({ took_ms: Math.round(performance.now() - startedAt) }, "stopped");
  process.exit(end === "late" ? 1 : 0);
}

function explain(error: unknown, { host, port }: Config): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new Refusal(`Port ${port} on ${host} is in use by another program; choose another one in TASKFLOW_PORT.`);
    case "EACCES":
      return new Refusal(
        `Port ${port} on ${host} is not allowed to this user; choose one above 1023 in TASKFLOW_PORT.`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Refusal(`${host} is not an address of this machine; TASKFLOW_HOST must be one.`);
    default:
      return error;
  }
}
