import { Kysely, PostgresDialect, type Transaction } from "kysely";
import pg from "pg";
import { DomainError } from "../../contract/problem.ts";
import type { Schema } from "./schema.ts";

export type { Schema } from "./schema.ts";
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
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  return {
    kysely,
    async prepared<R extends pg.QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
      try {
        return (await pool.query<R>({ name, text, values: [...values] })).rows;
      } catch (error) {
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

/** SQLSTATE classes and codes that mean "the server is not there for now" (PostgreSQL, Appendix A). */
const AWAY = /^(08|53300|57P0[1-5]|57014|25P03)/;
const AWAY_MESSAGES =
  /terminat|timeout exceeded|Connection|not queryable|ECONN|EPIPE|ENOENT|Query read timeout|pool after calling end/i;

/** The `unavailable` refusal for an error that says the database is away, or undefined for any other error. */
export const asUnavailable = (error: unknown): DomainError | undefined => {
  if (error instanceof DomainError) return error.code === "unavailable" ? error : undefined;
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const away = code === undefined ? AWAY_MESSAGES.test(error.message) : AWAY.test(code) || /^(E[A-Z]+)$/.test(code);
  if (!away && !(error instanceof AggregateError)) return undefined;
  return new DomainError("unavailable", "The database is away; nothing was half done. Try again.", {
    retryAfter: 1,
    cause: error,
  });
};

/** The name of the constraint that refused a row, when one did (SQLSTATE 23505). */
export const violatedConstraint = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && error.code === "23505" && "constraint" in error
    ? String(error.constraint)
    : undefined;

/** Whether the server ended this statement so that another one could go on (SQLSTATE 40P01). */
export const isDeadlock = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "40P01";
