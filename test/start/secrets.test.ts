import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readConfig } from "../../src/main/config.ts";
import { temporaryFolder } from "./folders.ts";
import { refusal } from "./taskflow.ts";

const strong = "0123456789abcdef0123456789abcdef";
const remote = "postgresql://taskflow@db.example.org/taskflow";

test("one machine makes its secrets once, readable by nobody else", (t) => {
  const env = { TASKFLOW_DATA_DIR: join(temporaryFolder(t), "data") };
  const first = readConfig(env);
  const file = join(env.TASKFLOW_DATA_DIR, "secrets.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(first.jwtSecret.length >= 32 && first.serviceToken.length >= 32 && first.jwtSecret !== first.serviceToken);
  assert.deepEqual(readConfig(env), first);
});

test("a secret from the environment goes before the kept one, a file's too", (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "token"), `${strong}\n`);
  const config = readConfig({
    TASKFLOW_DATA_DIR: join(folder, "data"),
    TASKFLOW_JWT_SECRET: strong.toUpperCase(),
    TASKFLOW_SERVICE_TOKEN_FILE: join(folder, "token"),
    TASKFLOW_AUDIT_KEY: strong,
  });
  assert.equal(config.jwtSecret, strong.toUpperCase());
  assert.equal(config.serviceToken, strong);
  assert.ok(!existsSync(join(folder, "data")), "nothing had to be made");
});

test("production makes no secret: the missing one is named", async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  const env = { TASKFLOW_DATA_DIR: dataDir, NODE_ENV: "production" };
  assert.match(await refusal(t, { env }), /TASKFLOW_JWT_SECRET is missing and NODE_ENV is production/);
  assert.match(await refusal(t, { env: { ...env, TASKFLOW_JWT_SECRET: strong } }), /TASKFLOW_SERVICE_TOKEN is missing/);
  assert.ok(!existsSync(dataDir));
});

test("a database of another machine needs secrets that its other users can have too", () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: remote }),
    /TASKFLOW_JWT_SECRET is missing and DATABASE_URL names another machine/,
  );
});

test("a weak secret is refused by name and not shown, wherever it comes from", async (t) => {
  const dataDir = temporaryFolder(t);
  const sentence = await refusal(t, { env: { TASKFLOW_DATA_DIR: dataDir, TASKFLOW_JWT_SECRET: "swordfish" } });
  assert.match(sentence, /TASKFLOW_JWT_SECRET is too weak/);
  assert.doesNotMatch(sentence, /swordfish/);
  writeFileSync(join(dataDir, "secrets.json"), JSON.stringify({ jwtSecret: strong, serviceToken: "short" }));
  assert.throws(
    () => readConfig({ TASKFLOW_DATA_DIR: dataDir }),
    /TASKFLOW_SERVICE_TOKEN in .*secrets\.json is too weak/,
  );
});

test("a file of an earlier release gets the secrets that have come since, and keeps its own", (t) => {
  const env = { TASKFLOW_DATA_DIR: temporaryFolder(t) };
  const file = join(env.TASKFLOW_DATA_DIR, "secrets.json");
  writeFileSync(file, JSON.stringify({ jwtSecret: strong, serviceToken: strong }));
  const config = readConfig(env);
  assert.equal(config.jwtSecret, strong);
  assert.ok(config.auditKey.length >= 32);
  assert.equal(readConfig(env).auditKey, config.auditKey);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("only a process with the history needs its key", () => {
  const env = { DATABASE_URL: remote, TASKFLOW_JWT_SECRET: strong, TASKFLOW_SERVICE_TOKEN: strong };
  assert.equal(readConfig({ ...env, TASKFLOW_ROLES: "chat-api" }).auditKey, "");
  assert.throws(() => readConfig({ ...env, TASKFLOW_ROLES: "audit-logger" }), /TASKFLOW_AUDIT_KEY is missing/);
});

test("a damaged secrets.json is named, not quoted and not replaced", (t) => {
  const dataDir = temporaryFolder(t);
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, "secrets.json");
  writeFileSync(file, `{"jwtSecret": "${strong}`);
  assert.throws(
    () => readConfig({ TASKFLOW_DATA_DIR: dataDir }),
    (error: Error) => error.message.includes(file) && !error.message.includes(strong),
  );
  assert.match(readFileSync(file, "utf8"), /^\{"jwtSecret"/);
});
