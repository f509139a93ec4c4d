import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../../src/adapters/db/embedded.ts";
import { until } from "./until.ts";

/** Names a server that all test files of one run share; without it, each process that needs one brings its own. */
export const sharedServer = "TEST_POSTGRES_URL";

export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A new embedded server in a temporary folder, which goes with it. */
export const startTestServer = async (): Promise<TestServer> => {
  const dataDir = await mkdtemp(join(tmpdir(), "taskflow-postgres-"));
  const server = await startEmbeddedPostgres({ dataDir, log: silent });
  await execute(server.url.replace("user=taskflow", "user=postgres"), "ALTER ROLE taskflow CREATEDB");
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
};

let own: { readonly server: Promise<TestServer>; databases: number } | undefined;

/**
 * A new empty database on the shared server, or on one of our own that stops with its last database. `options` are
 * those of CREATE DATABASE.
 */
export const createTestDatabase = async (options = ""): Promise<TestDatabase> => {
  const shared = process.env[sharedServer];
  if (shared !== undefined) return createDatabase(shared, options);
  own ??= { server: startTestServer(), databases: 0 };
  own.databases += 1;
  const database = await createDatabase((await own.server).url, options);
  const drop = async (): Promise<void> => {
    try {
      await database.drop();
    } finally {
      await releaseOwn();
    }
  };
  return { url: database.url, drop };
};

const releaseOwn = async (): Promise<void> => {
  if (own === undefined || (own.databases -= 1) > 0) return;
  const { server } = own;
  own = undefined;
  await (await server).stop();
};

const createDatabase = async (serverUrl: string, options: string): Promise<TestDatabase> => {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await execute(serverUrl, `CREATE DATABASE ${name} ${options}`);
  return { url: serverUrl.replace(/\/[^/?]*(?=\?|$)/, `/${name}`), drop: () => dropDatabase(serverUrl, name) };
};

/**
 * SQLSTATEs of a database that is still in use: by a worker of autovacuum, which belongs to the server's owner and
 * cannot be ended by us, or by a connection that has not ended yet in the 5 s that PostgreSQL gives it.
 */
const IN_USE: readonly unknown[] = ["42501", "55006"];

const dropDatabase = (serverUrl: string, name: string): Promise<void> =>
  until(`${name} to be dropped`, async () => {
    try {
      await execute(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && IN_USE.includes(error.code)) return false;
      throw error;
    }
  });

const execute = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};
