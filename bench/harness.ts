import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { createAccessTokens } from "../src/adapters/auth/access-token.ts";
import { createTestDatabase } from "../test/harness/postgres.ts";

/** A TaskFlow in a process of its own, on a new database of a real PostgreSQL. */
export interface BenchServer {
  readonly url: string;
  readonly databaseUrl: string;
  /** Access tokens of as many new users; made in the database, since hashing that many passwords would take minutes. */
  users(count: number): Promise<readonly string[]>;
  /** A metric of `/metrics`. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

/** Signs the access tokens of what is measured. */
export const secret = randomBytes(32).toString("base64url");

export const startServer = async (env: Readonly<Record<string, string>> = {}): Promise<BenchServer> => {
  const dataDir = await mkdtemp(join(tmpdir(), "taskflow-bench-"));
  const database = await createTestDatabase();
  const settings = {
    TASKFLOW_PORT: "0",
    TASKFLOW_DATA_DIR: dataDir,
    TASKFLOW_RATE_LIMITS: "off",
    TASKFLOW_LOG_LEVEL: "info",
    TASKFLOW_JWT_SECRET: secret,
    DATABASE_URL: database.url,
    ...env,
  };
  const program = await startProgram("../src/main/cli.ts", settings);
  return {
    url: program.url,
    databaseUrl: database.url,
    users: async (count) => tokensOf(await makeUsers(database.url, count)),
    async metric(name) {
      const text = await (await fetch(`${program.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
    },
    async stop() {
      await program.stop();
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
};

/** Ids of new users of a database. */
export const makeUsers = async (databaseUrl: string, count: number): Promise<readonly string[]> => {
  const pg = new Client({ connectionString: databaseUrl });
  await pg.connect();
  const ids = Array.from({ length: count }, () => randomUUID());
  await pg.query(
    "INSERT INTO users (id, email, password_hash) SELECT id, id || '@example.org', '' FROM unnest($1::uuid[]) AS id",
    [ids],
  );
  await pg.query("INSERT INTO event_heads (user_id) SELECT unnest($1::uuid[])", [ids]);
  // Streams last as long as their sessions. Of each user one, with the user's own id.
  await pg.query(
    `INSERT INTO refresh_tokens (token_hash, family_id, user_id, created_at, expires_at)
     SELECT sha256(id::text::bytea), id, id, now(), now() + interval '1 day' FROM unnest($1::uuid[]) AS id`,
    [ids],
  );
  await pg.end();
  return ids;
};

/** Access tokens of users. */
export const tokensOf = (ids: readonly string[]): readonly string[] => {
  const { sign } = createAccessTokens({ secret, clock: { now: () => Date.now() } });
  return ids.map((userId) => sign({ userId, role: "user", sessionId: userId }).token);
};

/** Whose token it is. */
export const userIdOf = (token: string): string => {
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")) as { sub: string };
  return claims.sub;
};

export interface Program {
  readonly url: string;
  stop(): Promise<void>;
}

/** Node's flags for what is measured are those of the bench: `NODE_OPTIONS=--max-semi-space-size=4 node bench/…`. */
const flags = process.env.NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: process.env.NODE_OPTIONS };

/** Runs a program of this project that says its `address` in a JSON line. */
export const startProgram = async (file: string, env: Readonly<Record<string, string>> = {}): Promise<Program> => {
  const path = new URL(file, import.meta.url).pathname;
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, ...flags, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await addressOf(child);
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
};

const addressOf = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error("the program has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    const { address } = JSON.parse(line) as { address?: string };
    if (address === undefined) continue;
    child.stdout.resume();
    return address;
  }
  throw new Error("the program ended before it was ready");
};

/** The value below which `share` (0–1) of the values lie. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN;

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;

/** A row of the tables in RESULTS.md. */
export const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

/** What the numbers were measured on. */
export const machine = (): string =>
  `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.versions.node} ${flags.NODE_OPTIONS ?? ""}`.trim();
