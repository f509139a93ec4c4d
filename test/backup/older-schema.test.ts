import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createDatabase } from "../../src/adapters/db/database.ts";
import { migrateDownTo } from "../../src/adapters/db/migrate.ts";
import { createLineFolder } from "../../src/adapters/line-folder.ts";
import { archiveMonth } from "../../src/services/audit/archive/archive-month.ts";
import { createHeadSigner } from "../../src/services/audit/chain.ts";
import { monthOf } from "../../src/services/audit/partitions.ts";
import { createTestDatabase } from "../harness/postgres.ts";
import { type StartInput, startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { temporaryFolder } from "../start/folders.ts";

const cli = new URL("../../src/main/cli.ts", import.meta.url).pathname;
const KEY = "0123456789abcdef0123456789abcdef";
/** From before the functions that make the history's partitions, and five migrations more. */
const OLD_SCHEMA = "0011_history";
const TWO_MONTHS_MS = 62 * 86_400_000;

const run = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], {
    env: { PATH: process.env["PATH"], TASKFLOW_AUDIT_KEY: KEY, ...env },
  });
  return stdout;
};

const open = (url: string) =>
  createDatabase({ url, connections: 2, applicationName: "test", onConnectionError: () => undefined });

const recorded = (taskflow: TaskFlow, rows: number): Promise<void> =>
  until("the history to have it", async () => (await taskflow.query("SELECT FROM task_events")).length === rows);

test("a backup of an older schema goes into an outside database, up to date, its archives proven", async (t) => {
  const folder = temporaryFolder(t);
  const [from, into] = [await createTestDatabase(), await createTestDatabase()];
  const started: TaskFlow[] = [];
  const start = async (input: StartInput): Promise<TaskFlow> => {
    const taskflow = await startTaskFlow(input);
    started.push(taskflow);
    return taskflow;
  };
  t.after(async () => {
    await Promise.all(started.map(({ stop }) => stop()));
    await Promise.all([from.drop(), into.drop()]);
  });
  const auditDir = join(folder, "audit");
  const env = { TASKFLOW_AUDIT_KEY: KEY, TASKFLOW_AUDIT_DIR: auditDir, TASKFLOW_AUDIT_RETENTION_MONTHS: "0" };
  const clock = { now: () => Date.now() - TWO_MONTHS_MS };
  const first = await start({ databaseUrl: from.url, env, clock });
  const user = await first.client.register();
  for (const title of ["Archived", "Archived too"]) await user.api("POST", "/tasks", { title });
  await recorded(first, 2);
  await first.stop();
  const second = await start({ databaseUrl: from.url, env });
  const now = await second.client.login(user);
  assert.equal((await now.api("POST", "/tasks", { title: "In the table" })).status, 201);
  await recorded(second, 3);
  await second.stop();

  const month = monthOf(new Date(clock.now()).toISOString());
  const database = open(from.url);
  const client = await database.connect();
  const deps = { database, store: createLineFolder(auditDir), signer: createHeadSigner(KEY) };
  assert.equal(await archiveMonth(deps, client, month), 2);
  await client.end();
  await migrateDownTo(database.kysely, OLD_SCHEMA);
  await database.close();

  const file = join(folder, "old.backup");
  await run(["backup", file], {
    DATABASE_URL: from.url,
    TASKFLOW_DATA_DIR: join(folder, "a"),
    TASKFLOW_AUDIT_DIR: auditDir,
  });
  const restored = {
    DATABASE_URL: into.url,
    TASKFLOW_DATA_DIR: join(folder, "b"),
    TASKFLOW_AUDIT_DIR: join(folder, "restored"),
  };
  assert.match(await run(["restore", file], restored), /are what was backed up\.[^]*The history is whole/);
  await assert.rejects(run(["restore", file], { ...restored, TASKFLOW_DATA_DIR: join(folder, "c") }), {
    stderr: /has tables already/,
  });

  const third = await start({
    databaseUrl: into.url,
    env: { ...env, TASKFLOW_AUDIT_DIR: restored.TASKFLOW_AUDIT_DIR },
  });
  const again = await third.client.login(user);
  const { body } = await again.api<{ tasks: { title: string }[] }>("GET", "/tasks");
  const titles = body.tasks.map(({ title }) => title).toSorted();
  assert.deepEqual(titles, ["Archived", "Archived too", "In the table"]);
  assert.equal((await again.api("POST", "/tasks", { title: "Goes on" })).status, 201);
  await recorded(third, 2);
  assert.match(await run(["audit", "verify"], restored), /The history is whole/);
});
