import { createDatabase, type Database } from "../../src/adapters/db/database.ts";
import { migrate } from "../../src/adapters/db/migrate.ts";
import type { Logger } from "../../src/ports.ts";
import { createTestDatabase } from "../harness/postgres.ts";

export interface MigratedDatabase {
  readonly url: string;
  readonly database: Database;
  /** Another pool on the same database, as another process has. */
  connect(applicationName: string): Database;
  drop(): Promise<void>;
}

/** As many as tests ask for at once: who waits longer than 5 s for a connection is told that the database is away. */
const CONNECTIONS = 16;

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** A new database of a real PostgreSQL with the whole schema. */
export const createMigratedDatabase = async (): Promise<MigratedDatabase> => {
  const { url, drop } = await createTestDatabase();
  const pools: Database[] = [];
  const connect = (applicationName: string, connections = 4): Database => {
    const pool = createDatabase({ url, connections, applicationName, onConnectionError: () => undefined });
    pools.push(pool);
    return pool;
  };
  const database = connect("taskflow test", CONNECTIONS);
  await migrate(database.kysely);
  return {
    url,
    database,
    connect,
    async drop() {
      await Promise.all(pools.map((pool) => pool.close()));
      await drop();
    },
  };
};
