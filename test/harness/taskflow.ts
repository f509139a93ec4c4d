import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool, type QueryResultRow } from "pg";
import { pino } from "pino";
import type { TaskEvent } from "../../src/contract/event.ts";
import { compose } from "../../src/main/compose.ts";
import { type Config, readConfig } from "../../src/main/config.ts";
import type { Clock } from "../../src/ports.ts";
import { type Client, createClient } from "./client.ts";
import { createTestDatabase } from "./postgres.ts";

export interface TaskFlow {
  readonly url: string;
  readonly databaseUrl: string;
  readonly config: Config;
  readonly client: Client;
  /** Everything it has logged so far, one JSON line each. */
  logged(): string;
  /** Reads the database behind the server's back. */
  query<Row extends QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The events of a user as they are in the log, in order. */
  events(userId: string): Promise<TaskEvent[]>;
  stop(): Promise<void>;
}

export interface StartInput {
  readonly env?: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  /** The server's clock, where a test needs days to pass. */
  readonly clock?: Clock;
}

/**
 * The real server, all services in this process, on a free port with a new database of a real PostgreSQL. `env` is its
 * environment; rate limits are off unless it turns them on. With `databaseUrl` it works beside another one on that
 * one's database.
 */
export const startTaskFlow = async (input: StartInput = {}): Promise<TaskFlow> => {
  const resources = new AsyncDisposableStack();
  try {
    return await start(resources, input);
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
};

const start = async (
  resources: AsyncDisposableStack,
  { env = {}, databaseUrl, clock }: StartInput,
): Promise<TaskFlow> => {
  // A stop that was cut short may still be writing into it.
  const dataDir = resources.adopt(await mkdtemp(join(tmpdir(), "taskflow-test-")), (folder) =>
    rm(folder, { recursive: true, maxRetries: 10 }),
  );
  const database =
    databaseUrl === undefined
      ? resources.adopt(await createTestDatabase(), ({ drop }) => drop())
      : { url: databaseUrl };
  const config = readConfig({
    TASKFLOW_PORT: "0",
    TASKFLOW_DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    TASKFLOW_RATE_LIMITS: "off",
    ...env,
  });
  const log = keepLog(config.logLevel);
  const app = resources.adopt(
    await compose({ config, databaseUrl: database.url, log: log.logger, ...(clock === undefined ? {} : { clock }) }),
    ({ stop }) => stop(),
  );
  const { address } = await app.start();
  // A pool says that it has ended before its connections have, and the database that is dropped next cuts them off.
  const pool = resources.adopt(
    new Pool({ connectionString: database.url, max: 2 }).on("error", () => undefined),
    (opened) => opened.end(),
  );
  const query = async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(sql, [...values])).rows;
  return {
    url: address,
    databaseUrl: database.url,
    config,
    client: createClient(address),
    logged: () => log.lines.join(""),
    query,
    async events(userId) {
      const rows = await query<{ data: Omit<TaskEvent, "sequence">; sequence: string }>(
        "SELECT data, sequence FROM events WHERE user_id = $1 ORDER BY sequence",
        [userId],
      );
      return rows.map(({ data, sequence }) => ({ ...data, sequence: Number(sequence) }) as TaskEvent);
    },
    stop: () => resources.disposeAsync(),
  };
};

const PINO_ERROR = 50;

/** Keeps every line, and shows errors at once: a test that fails by one says why. */
const keepLog = (level: string): { logger: pino.Logger; lines: string[] } => {
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
    if ((JSON.parse(line) as { level: number }).level >= PINO_ERROR) process.stderr.write(line);
  };
  return { logger: pino({ level, base: null }, { write }), lines };
};
