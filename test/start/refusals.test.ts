import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "./folders.ts";
import { refusal, startTaskflow } from "./taskflow.ts";

test("an unknown setting is refused by name, with the nearest one", async (t) => {
  const env = { TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data"), TASKFLOW_DATADIR: "x" };
  assert.equal(
    await refusal(t, { env }),
    "taskflow: TASKFLOW_DATADIR is not a setting of TaskFlow; did you mean TASKFLOW_DATA_DIR?",
  );
});

test("a bad value is refused by the setting's name", async (t) => {
  assert.equal(
    await refusal(t, { env: { TASKFLOW_PORT: "eighty" } }),
    'taskflow: TASKFLOW_PORT must be a whole number from 0 to 65535, not "eighty".',
  );
});

test("a setting that a file names is refused like one of the environment", async (t) => {
  const file = join(temporaryFolder(t), "taskflow.env");
  writeFileSync(file, "TASKFLOW_ROLES=chat-api,chat\n");
  assert.match(
    await refusal(t, { args: ["--env-file", file] }),
    /TASKFLOW_ROLES must be all, or some of chat-api, .*, not "chat-api,chat"\.$/,
  );
  assert.match(
    await refusal(t, { args: ["--env-file", `${file}.none`] }),
    /--env-file names .*none, which cannot be read \(ENOENT\)/,
  );
});

test("an unknown command and an unknown option are refused", async (t) => {
  assert.equal(
    await refusal(t, { args: ["srve"] }),
    "taskflow: srve is not a command of TaskFlow; did you mean serve?",
  );
  assert.match(await refusal(t, { args: ["--prot"] }), /'--prot'/);
});

test("a port in use is refused, and the database is stopped again", async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  const sentence = await refusal(t, { env: { TASKFLOW_DATA_DIR: dataDir, TASKFLOW_PORT: String(port) } });
  assert.equal(
    sentence,
    `taskflow: Port ${port} on 127.0.0.1 is in use by another program; choose another one in TASKFLOW_PORT.`,
  );
  assert.ok(!readdirSync(join(dataDir, "postgres")).includes("postmaster.pid"));
});

test("a host that is not this machine's is refused", async (t) => {
  const env = { TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data"), TASKFLOW_HOST: "192.0.2.1" };
  assert.match(await refusal(t, { env }), /192\.0\.2\.1 is not an address of this machine/);
});

test("a folder of other things is refused, and nothing is written into it", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "thesis.txt"), "");
  assert.match(await refusal(t, { env: { TASKFLOW_DATA_DIR: folder } }), /holds other things \(thesis\.txt\)/);
  assert.deepEqual(readdirSync(folder), ["thesis.txt"]);
});

test("a file in the place of the data folder is refused", async (t) => {
  const file = join(temporaryFolder(t), "data");
  writeFileSync(file, "");
  assert.match(await refusal(t, { env: { TASKFLOW_DATA_DIR: file } }), /data is a file/);
  assert.match(await refusal(t, { env: { TASKFLOW_DATA_DIR: join(file, "below") } }), /cannot be made \(ENOTDIR\)/);
});

test("a database of another major version is refused with the way to upgrade, and left as it is", async (t) => {
  const dataDir = temporaryFolder(t);
  mkdirSync(join(dataDir, "postgres"));
  writeFileSync(join(dataDir, "postgres", "PG_VERSION"), "16\n");
  const sentence = await refusal(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  assert.match(sentence, /was made by PostgreSQL 16 and this TaskFlow brings PostgreSQL \d+; .*docs\/backup\.md/);
  assert.deepEqual(readdirSync(join(dataDir, "postgres")), ["PG_VERSION"]);
});

test("--help and --version answer without a database", async (t) => {
  const cwd = temporaryFolder(t);
  for (const args of [["--help"], ["--version"]]) {
    const { code, stderr } = await startTaskflow(t, { args, cwd }).ended;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  }
  assert.deepEqual(readdirSync(cwd), []);
});
