import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { createClient, type TestUser } from "../harness/client.ts";
import { temporaryFolder, until } from "../start/folders.ts";
import { refusal, startTaskflow, stopTaskflow } from "../start/taskflow.ts";

const limit = { timeout: 600_000 };
const cli = new URL("../../src/main/cli.ts", import.meta.url).pathname;
/** 200 for the long drill. */
const ROUNDS = Number(process.env["BACKUP_DRILL_ROUNDS"] ?? 3);
const passphrase = "correct horse battery staple";

interface Task {
  readonly id: string;
  readonly title: string;
}

/** Writes one task after another until it is stopped; knows which were answered. */
function writeTasks(user: TestUser): { answered: string[]; stop(): Promise<void> } {
  const answered: string[] = [];
  const stopping = new AbortController();
  const finished = (async () => {
    for (let count = 0; !stopping.signal.aborted; count += 1) {
      const { status, body } = await user.api<Task>("POST", "/tasks", { title: `Task ${count}` });
      if (status === 201) answered.push(body.id);
    }
  })();
  return {
    answered,
    async stop() {
      stopping.abort();
      await finished;
    },
  };
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ["--", cli, ...args], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function succeed(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const child = run(args, env);
  const stderr = child.stderr ? text(child.stderr) : Promise.resolve("");
  const [code] = (await once(child, "exit")) as [number | null];
  assert.equal(code, 0, `${args.join(" ")}: ${await stderr}`);
}

/** Kills the command so many milliseconds after it has begun its work, unless it has ended by then. */
async function killInTheMiddle({
  args,
  env,
  begun,
  ms,
}: {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  begun: string;
  ms: number;
}): Promise<void> {
  const child = run(args, env);
  child.stderr?.resume();
  const ended = once(child, "exit");
  await until(() => existsSync(begun) || child.exitCode !== null);
  await Promise.race([sleep(ms), ended]);
  child.kill("SIGKILL");
  await ended;
}

/** Everything that a user has, by pages. */
async function tasksOf(user: TestUser): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let cursor = ""; ;) {
    const { body } = await user.api<{ tasks: Task[]; next_cursor: string | null }>("GET", `/tasks?limit=100${cursor}`);
    for (const { id } of body.tasks) ids.add(id);
    if (body.next_cursor === null) return ids;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
}

test("a backup while writes run, a kill in the middle of each step, a restore that goes on", limit, async (t) => {
  const folder = temporaryFolder(t);
  const env = {
    TASKFLOW_DATA_DIR: join(folder, "data"),
    TASKFLOW_RATE_LIMITS: "off",
    TASKFLOW_BACKUP_PASSPHRASE: passphrase,
  };
  const taskflow = startTaskflow(t, { env });
  const user = await createClient(await taskflow.ready).register();
  const writer = writeTasks(user);
  for (let round = 0; round < ROUNDS; round += 1) await drill(t, { folder, env, user, writer, round });
  await writer.stop();
  assert.equal((await stopTaskflow(taskflow)).code, 0);
});

interface Drill {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: TestUser;
  readonly writer: ReturnType<typeof writeTasks>;
  readonly round: number;
}

async function drill(t: TestContext, { folder, env, user, writer, round }: Drill): Promise<void> {
  const file = join(folder, `${round}.backup`);
  const ms = (round * 977) % 2_500;
  await killInTheMiddle({ args: ["backup", file], env, begun: `${file}.unfinished`, ms });
  // What has its name is whole, also when the kill came too late.
  if (existsSync(file)) rmSync(file);
  await until(() => writer.answered.length > 20 * (round + 1));
  const before = [...writer.answered];
  await succeed(["backup", file], env);

  const restored = { ...env, TASKFLOW_DATA_DIR: join(folder, `restored-${round}`) };
  const mark = join(restored.TASKFLOW_DATA_DIR, ".restore-unfinished");
  await killInTheMiddle({ args: ["restore", file], env: restored, begun: mark, ms: ms * 2 });
  if (existsSync(mark)) {
    assert.match(await refusal(t, { env: restored }), /did not finish; run it again/);
    await succeed(["restore", file], restored);
  }

  const second = startTaskflow(t, { env: restored });
  const again = await createClient(await second.ready).login({ email: user.email, password: user.password });
  const tasks = await tasksOf(again);
  for (const id of before) assert.ok(tasks.has(id), "what was answered before the backup is there");
  assert.equal((await again.api("POST", "/tasks", { title: "Goes on" })).status, 201);
  await succeed(["audit", "reconcile", "--wait", "60"], restored);
  await succeed(["audit", "verify"], restored);
  assert.equal((await stopTaskflow(second)).code, 0);
}

test("what is no whole backup, another passphrase, another key, or a folder with data is refused", limit, async (t) => {
  const folder = temporaryFolder(t);
  const env = { TASKFLOW_DATA_DIR: join(folder, "data"), TASKFLOW_BACKUP_PASSPHRASE: passphrase };
  const taskflow = startTaskflow(t, { env });
  const user = await createClient(await taskflow.ready).register();
  await user.api("POST", "/tasks", { title: "One" });
  await succeed(["audit", "reconcile", "--wait", "60"], env);
  const file = join(folder, "one.backup");
  await succeed(["backup", file], env);
  const wrongKey = { ...env, TASKFLOW_AUDIT_KEY: "k".repeat(32) };
  assert.match(
    await refusal(t, { env: wrongKey, args: ["audit", "verify"] }),
    /is not the key that this history was signed/,
  );
  await stopTaskflow(taskflow);

  const args = ["restore", file];
  const into = { ...env, TASKFLOW_DATA_DIR: join(folder, "into") };
  assert.match(await refusal(t, { env, args }), /is not empty .* never restored over data/);
  assert.match(await refusal(t, { env: { ...into, TASKFLOW_BACKUP_PASSPHRASE: "wrong" }, args }), /passphrase/);
  assert.match(
    await refusal(t, { env: { TASKFLOW_DATA_DIR: into.TASKFLOW_DATA_DIR }, args }),
    /is sealed; give its passphrase/,
  );
  assert.match(
    await refusal(t, { env: { ...into, TASKFLOW_AUDIT_KEY: "k".repeat(32) }, args }),
    /is not the key that the history .* was signed with/,
  );
  const bytes = readFileSync(file);
  for (const damaged of [bytes.subarray(0, -100), Buffer.concat([bytes, Buffer.from("x")]), flipped(bytes)]) {
    writeFileSync(join(folder, "damaged.backup"), damaged);
    assert.match(
      await refusal(t, { env: into, args: ["restore", join(folder, "damaged.backup")] }),
      /damaged|cut off|not whole/,
    );
  }
  assert.ok(!existsSync(into.TASKFLOW_DATA_DIR), "nothing is written before all of it is read");
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".unfinished")),
    [],
  );
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(copy.length / 2);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}
