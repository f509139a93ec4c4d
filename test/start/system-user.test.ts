import assert from "node:assert/strict";
import { chmodSync, chownSync, cpSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { findBinaries } from "../../src/adapters/db/embedded/binaries.ts";
import { makeCluster } from "../../src/adapters/db/embedded/cluster.ts";
import { createLaunch } from "../../src/adapters/db/embedded/launch.ts";
import { chooseAccount } from "../../src/adapters/db/embedded/server-account.ts";
import { postmasterPid, temporaryFolder } from "./folders.ts";
import { refusal, startTaskflow, stopTaskflow } from "./taskflow.ts";

const limit = { timeout: 300_000 };
const asRoot = { ...limit, skip: process.getuid?.() === 0 ? false : "only root can be other users" };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** Debian's and most systems' `nobody`. */
const nobody = 65_534;

test("root's PostgreSQL runs as a user of its own, who owns the cluster and nothing else", asRoot, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  chmodSync(join(dataDir, ".."), 0o755);
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await taskflow.ready;
  const owner = statSync(join(dataDir, "postgres")).uid;
  assert.notEqual(owner, 0);
  assert.equal(statSync(`/proc/${postmasterPid(dataDir)}`).uid, owner);
  assert.equal(statSync(join(dataDir, "secrets.json")).uid, 0);
  await stopTaskflow(taskflow);
});

test("root's data folder below a folder closed to all others, as /root is", asRoot, async (t) => {
  const closed = join(temporaryFolder(t), "closed");
  mkdirSync(closed, { mode: 0o700 });
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(closed, "data") } });
  await taskflow.ready;
  assert.equal((await stopTaskflow(taskflow)).code, 0);
});

test("root's checkout below such a folder: PostgreSQL's programs are found there too", asRoot, async (t) => {
  const closed = join(temporaryFolder(t), "closed");
  const cluster = join(closed, "postgres");
  const programs = findBinaries();
  cpSync(join(dirname(programs.postgres), ".."), join(closed, "native"), { recursive: true, verbatimSymlinks: true });
  chmodSync(closed, 0o700);
  const bin = join(closed, "native", "bin");
  const binaries = { ...programs, postgres: join(bin, "postgres"), initdb: join(bin, "initdb") };
  const account = chooseAccount(cluster);
  await makeCluster(cluster, { binaries, account, log: silent, launch: createLaunch(binaries, account, closed) });
  assert.equal(statSync(cluster).uid, account?.uid);
});

test("another user runs it without any help of root's", asRoot, async (t) => {
  const folder = temporaryFolder(t);
  chownSync(folder, nobody, nobody);
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: join(folder, "data") }, uid: nobody, cwd: folder });
  await taskflow.ready;
  assert.equal(statSync(join(folder, "data", "postgres")).uid, nobody);
  await stopTaskflow(taskflow);
});

test("a folder that the user may not write is refused with both users", asRoot, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  chmodSync(join(dataDir, ".."), 0o755);
  mkdirSync(dataDir, { mode: 0o755 });
  const sentence = await refusal(t, { env: { TASKFLOW_DATA_DIR: dataDir }, uid: nobody });
  assert.match(sentence, /data is not writable \(EACCES; it belongs to user 0, this process is user 65534\)/);
  assert.match(
    await refusal(t, { env: { TASKFLOW_DATA_DIR: join(dataDir, "below") }, uid: nobody }),
    /cannot be made \(EACCES\)/,
  );
});

test("a database that another user made is refused with both users", asRoot, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  chmodSync(join(dataDir, ".."), 0o755);
  const taskflow = startTaskflow(t, { env: { TASKFLOW_DATA_DIR: dataDir } });
  await taskflow.ready;
  await stopTaskflow(taskflow);
  for (const path of ["", "taskflow.lock", "running.json", "secrets.json"])
    chownSync(join(dataDir, path), nobody, nobody);
  assert.match(
    await refusal(t, { env: { TASKFLOW_DATA_DIR: dataDir }, uid: nobody }),
    /postgres belongs to user \d+ and this process is user 65534; start TaskFlow as the user who made it/,
  );
});

test("a data folder that was restored as root, or in part, is refused with what to do", asRoot, async (t) => {
  const dataDir = join(temporaryFolder(t), "data");
  chmodSync(join(dataDir, ".."), 0o755);
  mkdirSync(dataDir);
  chownSync(dataDir, nobody, nobody);
  const env = { TASKFLOW_DATA_DIR: dataDir };
  const first = startTaskflow(t, { env, uid: nobody });
  await first.ready;
  await stopTaskflow(first);
  const owned = (path: string, uid: number): void => chownSync(join(dataDir, path), uid, uid);
  for (const path of ["taskflow.lock", "running.json"]) {
    owned(path, 0);
    assert.match(await refusal(t, { env, uid: nobody }), /may not write in the data folder.*\(chown -R\)/, path);
    owned(path, nobody);
  }
  owned("postgres", 0);
  assert.match(await refusal(t, { env }), /belongs to root, and PostgreSQL does not run as root.*chown -R/);
  assert.match(await refusal(t, { env, uid: nobody }), /belongs to user 0 and this process is user 65534/);
  owned("postgres", 54_321);
  assert.equal(chooseAccount(join(dataDir, "postgres"))?.name, "54321", "a number that nobody has here");
});
