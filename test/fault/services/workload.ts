import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import type { WrittenTask } from "../../../src/contract/task.ts";
import { createClient, type TestUser } from "../../harness/client.ts";
import { waitFor } from "../../infra/process.ts";
import type { FiveServices } from "../../services/five-services.ts";
import { followStream, type Follower } from "./follower.ts";

const USERS = 4;
/** Between two writes of one user. */
const PAUSE_MS = 40;
const REQUEST_MS = 20_000;
const SETTLE_MS = 120_000;

export interface Tally {
  readonly writes: number;
  /** Answered writes without their event in the log, and events that a stream never showed. */
  readonly lost: number;
  /** Writes that were made twice, and events that a stream showed twice. */
  readonly doubled: number;
}

/** People who write all the time, each with a screen open, whatever dies. */
export interface Workload {
  readonly answered: () => number;
  /** Stops writing, waits until everything has arrived everywhere, and counts. Writing goes on by `resume`. */
  readonly settle: () => Promise<Tally>;
  readonly resume: () => void;
  readonly query: <Row extends object>(sql: string) => Promise<Row[]>;
  readonly stop: () => Promise<void>;
}

interface Writer {
  readonly user: TestUser;
  readonly screen: Follower;
  /** Titles of the tasks whose write was answered. */
  readonly answered: string[];
}

export async function startWorkload(services: FiveServices): Promise<Workload> {
  const client = createClient(services.url);
  const users = await Promise.all(Array.from({ length: USERS }, () => client.register()));
  const writers: Writer[] = users.map((user) => ({ user, screen: followStream(services.url, user.token), answered: [] }));
  const pool = new Pool({ connectionString: services.databaseUrl, max: 2, connectionTimeoutMillis: 5_000 });
  pool.on("error", () => undefined);
  const query = async <Row extends object>(sql: string): Promise<Row[]> => (await pool.query(sql)).rows as Row[];
  let ending: AbortController | undefined;
  let writing = Promise.resolve<unknown>(undefined);

  const resume = (): void => {
    const stop = new AbortController();
    ending = stop;
    writing = Promise.all(writers.map((writer) => writeOn(services.url, writer, stop.signal)));
  };
  const settle = async (): Promise<Tally> => {
    ending?.abort();
    await writing;
    await waitFor(async () => (await query<{ left: string }>("SELECT count(*) AS left FROM outbox"))[0]?.left === "0", { what: "the outbox to be empty", timeoutMs: SETTLE_MS });
    const tallies = await Promise.all(writers.map((writer) => tallyOf(writer, query)));
    const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
    return { writes: sum(({ writes }) => writes), lost: sum(({ lost }) => lost), doubled: sum(({ doubled }) => doubled) };
  };
  resume();
  return {
    answered: () => writers.reduce((sum, { answered }) => sum + answered.length, 0),
    settle,
    resume,
    query,
    async stop() {
      ending?.abort();
      await writing;
      for (const { screen } of writers) screen.stop();
      await pool.end();
    },
  };
}

async function writeOn(url: string, { user, answered }: Writer, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const title = `task ${answered.length}`;
    await writeUntilAnswered(url, user.token, title);
    answered.push(title);
    await sleep(PAUSE_MS);
  }
}

/** As a client does that wants to be sure: the same key until there is an answer. */
async function writeUntilAnswered(url: string, token: string, title: string): Promise<WrittenTask> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": randomUUID() };
  const write = async (): Promise<WrittenTask | undefined> => {
    const response = await fetch(`${url}/api/v1/tasks`, { method: "POST", headers, body: JSON.stringify({ title }), signal: AbortSignal.timeout(REQUEST_MS) });
    if (response.status < 500) return accept(response);
    await response.body?.cancel();
    return undefined;
  };
  return waitFor(write, { what: "a write to be answered", timeoutMs: SETTLE_MS });
}

async function accept(response: Response): Promise<WrittenTask> {
  const body = await response.text();
  if (response.status !== 201) throw new Error(`a write was answered ${response.status}: ${body}`);
  return JSON.parse(body) as WrittenTask;
}

async function tallyOf({ user, screen, answered }: Writer, query: Workload["query"]): Promise<Tally> {
  const events = await query<{ sequence: string; title: string }>(`SELECT sequence, data -> 'task' ->> 'title' AS title FROM events WHERE user_id = '${user.userId}' ORDER BY sequence`);
  const head = Number(events.at(-1)?.sequence ?? 0);
  await waitFor(() => screen.newest() >= head, { what: `a screen to see ${head} events`, timeoutMs: SETTLE_MS });
  const inLog = new Map<string, number>();
  for (const { title } of events) inLog.set(title, (inLog.get(title) ?? 0) + 1);
  const unlogged = answered.filter((title) => !inLog.has(title)).length;
  const writtenTwice = [...inLog.values()].reduce((sum, count) => sum + count - 1, 0);
  const shown = new Set(screen.sequences);
  return { writes: answered.length, lost: unlogged + (head - shown.size), doubled: writtenTwice + (screen.sequences.length - shown.size) };
}
