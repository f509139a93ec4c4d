import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../adapters/refusal.ts";
import { readSettings } from "./read-settings.ts";
import { roleNames, settings } from "./settings.ts";

const files = (contents: Readonly<Record<string, string>>) => (path: string) => {
  const content = contents[path];
  if (content === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  return content;
};

const refused = (env: Readonly<Record<string, string>>, sentence: RegExp, options = {}) =>
  assert.throws(
    () => readSettings(env, options),
    (error: Error) => error instanceof Refusal && sentence.test(error.message),
  );

test("an empty environment is a single process with every role", () => {
  const { port, host, roles, bus, databaseUrl, rateLimits, eventRetentionDays, webDist } = readSettings({});
  assert.deepEqual(
    { port, host, roles, bus, databaseUrl, rateLimits, eventRetentionDays },
    {
      port: 8000,
      host: "127.0.0.1",
      roles: roleNames,
      bus: "in-process",
      databaseUrl: undefined,
      rateLimits: true,
      eventRetentionDays: 0,
    },
  );
  assert.match(webDist, /\/web\/dist$/);
});

test("every default is a value that its own type takes", () => {
  for (const { name, type, default: text } of Object.values(settings)) {
    if (text !== undefined) assert.doesNotThrow(() => type.parse(text), name);
  }
});

test("every name is in the table once, and every secret is kept out of refusals", () => {
  const names = Object.values(settings).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  refused({ DATABASE_URL: "mysql://me:swordfish@db/x" }, /^DATABASE_URL must be a URL that starts with [^,]*\.$/);
});

test("one role speaks Dapr, all of them in process, and nothing else is taken", () => {
  const env = { TASKFLOW_ROLES: "audit-logger", DATABASE_URL: "postgresql://db/taskflow" };
  assert.equal(readSettings(env).bus, "dapr");
  refused({ ...env, TASKFLOW_BUS: "in-process" }, /^TASKFLOW_BUS is in-process, so TASKFLOW_ROLES must be all/);
  refused(
    { ...env, TASKFLOW_ROLES: "audit-logger,chat-api" },
    /^TASKFLOW_BUS is dapr, so TASKFLOW_ROLES must name one service/,
  );
  refused({ TASKFLOW_BUS: "dapr" }, /^TASKFLOW_BUS is dapr, so TASKFLOW_ROLES must name one service/);
  refused({ TASKFLOW_ROLES: "audit-logger" }, /^DATABASE_URL is missing/);
});

test("an unknown name is refused with the nearest one, the names of others are left alone", () => {
  refused({ TASKFLOW_PROT: "1" }, /^TASKFLOW_PROT is not a setting of TaskFlow; did you mean TASKFLOW_PORT\?$/);
  refused(
    { TASKFLOW_COLOUR_SCHEME: "1" },
    /^TASKFLOW_COLOUR_SCHEME is not a setting of TaskFlow; --help lists them all\.$/,
  );
  refused({ TASKFLOW_PORT_FILE: "/run/port" }, /^TASKFLOW_PORT_FILE is not a setting/);
  assert.doesNotThrow(() => readSettings({ PATH: "/bin", TASKFLOWER: "1" }));
});

test("an empty variable is one that is not set", () => {
  assert.equal(readSettings({ TASKFLOW_PORT: "", TASKFLOW_UNKNOWN: "" }).port, 8000);
});

test("the environment goes before the file, the file before the default", () => {
  const options = {
    envFile: "taskflow.env",
    readFile: files({ "taskflow.env": "# mine\nTASKFLOW_PORT=1111\nTASKFLOW_HOST='0.0.0.0'\n" }),
  };
  const { port, host } = readSettings({ TASKFLOW_PORT: "2222" }, options);
  assert.deepEqual({ port, host }, { port: 2222, host: "0.0.0.0" });
});

test("what is wrong in the file is refused like in the environment", () => {
  const readFile = files({ bad: "TASKFLOW_PROT=1\n" });
  refused({}, /^TASKFLOW_PROT is not a setting/, { envFile: "bad", readFile });
  refused({}, /^--env-file names none, which cannot be read \(ENOENT\)\.$/, { envFile: "none", readFile });
});

test("a secret may lie in a file of its own, without its last line's end", () => {
  const readFile = files({ "/run/secrets/token": "s3cret\n" });
  assert.equal(readSettings({ APP_API_TOKEN_FILE: "/run/secrets/token" }, { readFile }).appApiToken, "s3cret");
  refused({ APP_API_TOKEN_FILE: "/run/none" }, /^APP_API_TOKEN_FILE names \/run\/none, which cannot be read/, {
    readFile,
  });
  refused(
    { APP_API_TOKEN_FILE: "/run/secrets/token", APP_API_TOKEN: "x" },
    /^APP_API_TOKEN and APP_API_TOKEN_FILE are both set/,
    { readFile },
  );
});
