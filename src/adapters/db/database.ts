import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import type { Schema } from "./schema.ts";
import { createShortageMemory } from "./shortage-memory.ts";
import { asUnavailable } from "./unavailable.ts";

export type { Schema } from "./schema.ts";
export { asUnavailable } from "./unavailable.ts";
export { sql } from "kysely";
export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** One PostgreSQL, as the services see it: the query builder, and prepared statements for the hot paths. */
export interface Database {
  readonly kysely: Db;
  /**
   * Runs a statement that the server plans once per connection, by its name. A lost or refused connection is a
   * DomainError `unavailable`; a statement whose answer was lost may have been committed.
   */
  prepared<R extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<R[]>;
  /** Milliseconds for one round trip; throws `unavailable` when there is none within 2 s. */
  ping(): Promise<number>;
  /** What the server's machine lacked at a statement some seconds ago (a full disk, no memory), in words. */
  shortage(): string | undefined;
  /** A connection of its own, outside the pool, for session locks and notifications. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly connections: number;
  readonly applicationName: string;
  readonly onConnectionError: (error: Error) => void;
  /** No statement timeout, for migrations. */
  readonly unlimited?: boolean;
}

const INT8 = 20;
/** Sequences and counts stay far below 2^53, so 64-bit integers are read as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
};

/**
 * A prepared statement keeps the plan that was made while its tables were small, and would read them from end to end
 * when they have grown (docs/adr/0035). Where there is an index it is used; and no plan is compiled, which costs more
 * than these statements take.
 */
const PLANNING = "-c enable_seqscan=off -c jit=off";
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;

/** Opens a pool; connections are made on use, so the database may come later. */
export const createDatabase = (options: DatabaseOptions): Database => {
  const settings = {
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(options.unlimited === true
      ? {}
      : { statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: STATEMENT_TIMEOUT_MS + 1_000, options: PLANNING }),
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    types,
  };
  const pool = new pg.Pool({ ...settings, max: options.connections, idleTimeoutMillis: 60_000 });
  // The pool listens to its idle connections only. One that breaks while it is lent to the query builder would end the
  // process.
  pool.on("connect", (client) => client.on("error", options.onConnectionError));
  pool.on("error", () => undefined);
  const shortages = createShortageMemory();
  const kysely = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    log: (event) => void (event.level === "error" && shortages.note(event.error)),
  });

  return {
    kysely,
    async prepared<R extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
      try {
        return (await pool.query<R>({ name, text, values: [...values] })).rows;
      } catch (error) {
        shortages.note(error);
        throw asUnavailable(error) ?? error;
      }
    },
    async ping() {
      const started = performance.now();
      try {
        await pool.query({ text: "SELECT 1", query_timeout: 2_000 } as pg.QueryConfig);
      } catch (error) {
        throw asUnavailable(error) ?? error;
      }
      return performance.now() - started;
    },
    shortage: shortages.current,
    async connect() {
      const client = new pg.Client({ ...settings, statement_timeout: 0 });
      client.on("error", options.onConnectionError);
      try {
        await client.connect();
      } catch (error) {
        throw asUnavailable(error) ?? error;
      }
      return client;
    },
    async close() {
      await kysely.destroy();
      // The query builder ends the pool only when it was used.
      if (!pool.ended) await pool.end();
    },
  };
};

/** The name of the constraint that refused a row, when one did (SQLSTATE 23505). */
export const violatedConstraint = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && error.code === "23505" && "constraint" in error
    ? String(error.constraint)
    : undefined;

/** Whether the server ended this statement so that another one could go on (SQLSTATE 40P01). */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "40P01";
