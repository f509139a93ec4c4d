import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { migrate, migrateDownTo } from "../../src/adapters/db/migrate.ts";
import type { TestUser } from "../harness/client.ts";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";
import { createMigratedDatabase } from "../outbox/migrated-database.ts";
import { superuserQuery } from "./history.ts";

const cli = new URL("../../src/main/cli.ts", import.meta.url).pathname;
let taskflow: TaskFlow;
let user: TestUser;

/** The command as a person runs it, beside the running TaskFlow. */
const run = async (...args: string[]): Promise<{ code: number; text: string }> => {
  const env = {
    PATH: process.env["PATH"],
    DATABASE_URL: taskflow.databaseUrl,
    TASKFLOW_DATA_DIR: taskflow.config.dataDir,
  };
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, "audit", ...args], { env });
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
};

before(async () => {
  taskflow = await startTaskFlow();
  user = await taskflow.client.register();
  for (const title of ["one", "two", "three"]) await user.api("POST", "/tasks", { title });
  await until(
    "the history to have the events",
    async () => (await taskflow.query("SELECT FROM task_events")).length === 3,
  );
});
after(() => taskflow.stop());

describe("taskflow audit", () => {
  it("proves a whole history and says so", async () => {
    for (const args of [["verify"], ["verify", "--user", user.userId]]) {
      const { code, text } = await run(...args);
      assert.deepEqual(
        [code, /3 rows of 1 user, in/.test(text), /The history is whole/.test(text)],
        [0, true, true],
        text,
      );
    }
  });

  it("says of a user whom it does not know that there is nothing to prove", async () => {
    const unknown = "0198c6b2-0000-7000-8000-000000000001";
    const { code, text } = await run("verify", "--user", unknown);
    assert.deepEqual([code, text], [1, `taskflow: There is no history of a user ${unknown}.\n`]);
  });

  it("finds the event log and the history to be the same", async () => {
    const { code, text } = await run("reconcile", "--wait", "30");
    assert.equal(code, 0, text);
    assert.match(text, /3 events in the log, 0 of them still in the outbox/);
  });

  it("refuses what it does not understand, and a month without an archive", async () => {
    for (const args of [
      [],
      ["prove"],
      ["verify", "more"],
      ["verify", "--user", "x"],
      ["reconcile", "--wait", "soon"],
      ["restore", "2024-13"],
      ["restore", "2019-01"],
    ])
      assert.equal((await run(...args)).code, 1, args.join(" "));
  });

  it("ends with code 1 and names the break", async () => {
    await superuserQuery(taskflow.databaseUrl, `UPDATE task_events SET task_title = 'x' WHERE sequence = 2`);
    const verified = await run("verify");
    assert.deepEqual(
      [verified.code, verified.text.includes(`user ${user.userId}, sequence 2: this row is not as it was written`)],
      [1, true],
      verified.text,
    );
    const compared = await run("reconcile");
    assert.deepEqual([compared.code, compared.text.includes(`sequence 2: different`)], [1, true], compared.text);
  });
});

describe("the migration", () => {
  it("can be taken back and made again", async () => {
    const { database, drop } = await createMigratedDatabase();
    try {
      assert.ok((await migrateDownTo(database.kysely, "0005_recurrence")).includes("0006_audit"));
      await assert.rejects(database.kysely.selectFrom("task_events").selectAll().execute(), { code: "42P01" });
      assert.ok((await migrate(database.kysely)).includes("0006_audit"));
      assert.deepEqual(await database.kysely.selectFrom("task_events").selectAll().execute(), []);
    } finally {
      await drop();
    }
  });
});
