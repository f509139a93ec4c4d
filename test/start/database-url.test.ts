import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Client } from "pg";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../src/adapters/db/embedded.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { temporaryFolder, until } from "./folders.ts";
import { startOldServer } from "./old-server.ts";
import { refusal, startTaskflow, stopTaskflow } from "./taskflow.ts";

const limit = { timeout: 300_000 };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const folder = mkdtempSync(join(tmpdir(), "taskflow-start-"));
let postgres: EmbeddedPostgres;

before(async () => {
  postgres = await startEmbeddedPostgres({ dataDir: folder, log: silent });
});

after(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

test("two starts at once on one new database both come up: migrations take turns", limit, async (t) => {
  const data = temporaryFolder(t);
  const env = { DATABASE_URL: postgres.url, TASKFLOW_DATA_DIR: join(data, "data") };
  const both = [startTaskflow(t, { env }), startTaskflow(t, { env })];
  const addresses = await Promise.all(both.map(({ ready }) => ready));
  for (const address of addresses) await until(async () => (await fetch(`${address}/health/ready`)).status === 200);
  for (const taskflow of both) assert.equal((await stopTaskflow(taskflow)).code, 0);
  assert.ok(!existsSync(join(data, "data", "postgres")), "no server of our own beside it");
});

test("a database that a newer release has changed is refused in words, and left as it is", limit, async (t) => {
  const database = await createTestDatabase();
  t.after(() => database.drop());
  const env = { DATABASE_URL: database.url, TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data") };
  const first = startTaskflow(t, { env });
  await first.ready;
  await stopTaskflow(first);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query("INSERT INTO kysely_migration VALUES ('9999_future', now()::text)");
  await client.end();
  assert.match(
    await refusal(t, { env }),
    /^taskflow: A newer TaskFlow has used this database \(its schema has 9999_future; this one knows up to \d{4}_\w+\)/,
  );
});

test("a DATABASE_URL that is no URL of PostgreSQL is refused", async (t) => {
  assert.match(
    await refusal(t, { env: { DATABASE_URL: "mysql://root:swordfish@localhost/x" } }),
    /^taskflow: DATABASE_URL must be a URL that starts with postgresql:\/\/ or postgres:\/\/\.$/,
  );
});

test("a DATABASE_URL where nothing answers is refused with the place", async (t) => {
  const env = {
    DATABASE_URL: "postgresql://me:swordfish@127.0.0.1:9/tasks",
    TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data"),
  };
  const sentence = await refusal(t, { env });
  assert.match(sentence, /The database of DATABASE_URL at 127\.0\.0\.1:9 cannot be used \(.*ECONNREFUSED/);
  assert.doesNotMatch(sentence, /swordfish/);
});

test("a database that the server does not have, and a user it does not let in, are named", async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const wrongDatabase = postgres.url.replace("/taskflow?", "/elsewhere?");
  assert.match(
    await refusal(t, { env: { DATABASE_URL: wrongDatabase, TASKFLOW_DATA_DIR: dataDir } }),
    /names the database elsewhere, which the server at .* does not have/,
  );
  const wrongUser = postgres.url.replace("user=taskflow", "user=nobody");
  assert.match(
    await refusal(t, { env: { DATABASE_URL: wrongUser, TASKFLOW_DATA_DIR: dataDir } }),
    /does not let nobody in/,
  );
});

test("a server that is too old is refused with its version", async (t) => {
  const { url, server } = await startOldServer("14.9");
  t.after(() => server.close());
  const env = { DATABASE_URL: url, TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data") };
  assert.equal(
    await refusal(t, { env }),
    "taskflow: The database of DATABASE_URL is PostgreSQL 14.9; TaskFlow needs 15 or newer.",
  );
});

test("some services only cannot bring a database of their own", async (t) => {
  assert.match(
    await refusal(t, { env: { TASKFLOW_ROLES: "chat-api" } }),
    /DATABASE_URL is missing: TASKFLOW_ROLES names some services only/,
  );
});
