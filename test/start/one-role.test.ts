import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createDatabase } from "../../src/adapters/db/database.ts";
import { knownMigrations, migrateDownTo } from "../../src/adapters/db/migrate.ts";
import type { Problem } from "../../src/contract/problem.ts";
import { readOpenApi } from "../harness/answer-check.ts";
import { createClient } from "../harness/client.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { startTaskFlow } from "../harness/taskflow.ts";
import { makeDatabaseRoles } from "../services/database-roles.ts";
import { until } from "../harness/until.ts";
import { temporaryFolder } from "./folders.ts";
import { refusal, startTaskflow } from "./taskflow.ts";

const secret = "x".repeat(32);
/**
 * No program is given it, and nothing listens there: a port that is only free just now may be another program's in a
 * moment.
 */
const CLOSED_PORT = "4";

const envOf = (t: TestContext, role: string, env: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  TASKFLOW_ROLES: role,
  TASKFLOW_DATA_DIR: temporaryFolder(t),
  TASKFLOW_JWT_SECRET: secret,
  TASKFLOW_SERVICE_TOKEN: secret,
  APP_API_TOKEN: secret,
  TASKFLOW_RATE_LIMITS: "off",
  DAPR_HTTP_PORT: CLOSED_PORT,
  ...env,
});

const missingOf = async (url: string): Promise<readonly string[]> => {
  const response = await fetch(`${url}/health/ready`);
  const { missing } = (await response.json()) as { missing: readonly string[] };
  assert.equal(response.status, missing.length === 0 ? 200 : 503);
  return missing;
};

test("a service lives without database and sidecar, says what is missing, and answers 503 until they come", async (t) => {
  const env = envOf(t, "chat-api", { DATABASE_URL: `postgresql://taskflow@127.0.0.1:${CLOSED_PORT}/taskflow` });
  const url = await startTaskflow(t, { env }).ready;
  for (const path of ["/health", "/health/live"]) assert.equal((await fetch(url + path)).status, 200);
  assert.deepEqual(await (await fetch(`${url}/dapr/subscribe`)).json(), []);
  assert.equal(((await (await fetch(url)).json()) as { name: string }).name, "chat-api");
  // A machine that is busy may first say that the sidecar took too long.
  const expected = [
    "the database does not answer",
    `the sidecar does not answer at http://127.0.0.1:${CLOSED_PORT} (ECONNREFUSED)`,
  ];
  await until(`${expected.join(" and ")} to be said`, async () => (await missingOf(url)).join() === expected.join());

  const response = await fetch(`${url}/api/v1/tasks`);
  const problem = (await response.json()) as Problem;
  assert.deepEqual([response.status, problem.code, response.headers.get("retry-after")], [503, "unavailable", "1"]);
});

test("a service with a role of its own waits until the owner has migrated, and goes on by itself", async (t) => {
  const database = await createTestDatabase();
  const roles = await makeDatabaseRoles(database.url);
  await takeBack(database.url);
  const env = envOf(t, "chat-api", { DATABASE_URL: roles.of("chat-api") });
  const taskflow = startTaskflow(t, { env });
  // After it has ended: the owner may not end the connections of another role.
  t.after(database.drop);
  const url = await taskflow.ready;
  const lacksSchema = async () => (await missingOf(url)).includes("the schema is not up to date");
  await until("it to say that the schema is old", lacksSchema);
  const { status } = await fetch(`${url}/api/v1/tasks`);
  assert.equal(status, 503);
  await migrateAsOwner(t, database.url);
  await until("it to go on", async () => !(await lacksSchema()));
  const user = await createClient(url).register();
  assert.equal((await user.api("POST", "/tasks", { title: "Written as taskflow_chat_api" })).status, 201);
});

/** To the schema before the last migration, with what was granted. */
const takeBack = async (url: string): Promise<void> => {
  const database = createDatabase({ url, connections: 1, applicationName: "test", onConnectionError: () => undefined });
  await migrateDownTo(database.kysely, knownMigrations.at(-2) ?? "");
  await database.close();
};

const migrateAsOwner = async (t: TestContext, url: string): Promise<void> => {
  const { code, stderr } = await startTaskflow(t, { args: ["migrate"], env: { DATABASE_URL: url } }).ended;
  assert.equal(code, 0, stderr);
};

test("chat-api without a sidecar answers writes, and their events wait in the outbox", async (t) => {
  const database = await createTestDatabase();
  t.after(database.drop);
  const url = await startTaskflow(t, { env: envOf(t, "chat-api", { DATABASE_URL: database.url }) }).ready;
  const isAllButSidecar = async (): Promise<boolean> =>
    (await missingOf(url)).every((words) => words.startsWith("the sidecar does not answer"));
  await until("nothing but the sidecar to be missing", isAllButSidecar);
  const user = await createClient(url).register();
  assert.equal((await user.api("POST", "/tasks", { title: "kept" })).status, 201);
  await until("it to be so after a write", isAllButSidecar);
});

test("chat-api has the OpenAPI document of the single process, and another service that of its own routes", async (t) => {
  const database = await createTestDatabase();
  t.after(database.drop);
  const whole = await startTaskFlow({ databaseUrl: database.url });
  t.after(whole.stop);
  const documentOf = async (role: string) =>
    readOpenApi(await startTaskflow(t, { env: envOf(t, role, { DATABASE_URL: database.url }) }).ready);
  const document = await readOpenApi(whole.url);
  const [ofChatApi, ofHistory] = [await documentOf("chat-api"), Object.keys((await documentOf("audit-logger")).paths)];
  assert.deepEqual(Object.keys(ofChatApi.paths), Object.keys(document.paths));
  assert.deepEqual(ofChatApi, document);
  assert.ok(
    ofHistory.includes("/api/v1/audit-logs") &&
      ofHistory.every((path) => path in document.paths) &&
      !ofHistory.includes("/api/v1/tasks"),
  );
});

test("a service that does not know its sidecar's token says so", async (t) => {
  const database = await createTestDatabase();
  t.after(database.drop);
  const url = await startTaskflow(t, {
    env: envOf(t, "audit-logger", { DATABASE_URL: database.url, APP_API_TOKEN: "" }),
  }).ready;
  assert.ok((await missingOf(url)).includes("APP_API_TOKEN is not set, so deliveries are refused"));
  const delivery = await fetch(`${url}/events/taskflow.tasks.created`, {
    method: "POST",
    body: "{}",
    headers: { "content-type": "application/cloudevents+json" },
  });
  assert.equal(delivery.status, 401);
  await delivery.body?.cancel();
});

test("a service that is started twice is refused in words", async (t) => {
  const database = await createTestDatabase();
  t.after(database.drop);
  const url = await startTaskflow(t, { env: envOf(t, "reminder-service", { DATABASE_URL: database.url }) }).ready;
  const { port } = new URL(url);
  const again = envOf(t, "reminder-service", { DATABASE_URL: database.url, TASKFLOW_PORT: port });
  assert.match(
    await refusal(t, { env: again }),
    new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use by another program`),
  );
});
