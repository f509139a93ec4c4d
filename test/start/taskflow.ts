import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";

const cli = new URL("../../src/main/cli.ts", import.meta.url).pathname;

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** One `taskflow` process, started as a person starts it. */
export interface Taskflow {
  readonly pid: number;
  /** Resolves with the address it says it is ready at; rejects with its last words when it ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<End>;
  /** What it has logged so far, a line each. */
  readonly lines: readonly string[];
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Another system user and group; only for root. */
  readonly uid?: number;
  readonly cwd?: string;
}

/** Longer than a busy machine holds a process up: no test's verdict is how fast a stop was. */
const SHUTDOWN_SECONDS = "60";

/** Runs the real command line on any free port. What a failed test leaves running is stopped with the test. */
export function startTaskflow(test: TestContext, { env, args = [], uid, cwd }: StartOptions): Taskflow {
  const ids = uid === undefined ? {} : { uid, gid: uid };
  const place = cwd === undefined ? {} : { cwd };
  const child = spawn(process.execPath, ["--", cli, ...args], {
    env: { ...cleanEnvironment(), TASKFLOW_PORT: "0", TASKFLOW_SHUTDOWN_SECONDS: SHUTDOWN_SECONDS, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...ids,
    ...place,
  });
  if (child.pid === undefined || !child.stdout || !child.stderr) throw new Error("taskflow was not started");
  const ended = end(child);
  test.after(() => {
    child.kill("SIGTERM");
    return ended;
  });
  const lines: string[] = [];
  const ready = readAddress(child.stdout, lines, ended);
  // A test that looks only at the end does not look at this.
  ready.catch(() => undefined);
  return { pid: child.pid, ready, ended, lines, kill: (signal) => child.kill(signal) };
}

/** The environment of the tests without what would be a setting. */
function cleanEnvironment(): Record<string, string | undefined> {
  const settings = /^(TASKFLOW_|DATABASE_URL|NODE_ENV|NODE_TEST_CONTEXT|APP_API_TOKEN|DAPR_|PG)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !settings.test(name)));
}

async function end(child: ChildProcess): Promise<End> {
  const stderr = child.stderr ? text(child.stderr) : Promise.resolve("");
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stderr: await stderr };
}

function readAddress(stdout: Readable, lines: string[], ended: Promise<End>): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).on("line", (line) => {
      lines.push(line);
      const { address } = parseLine(line);
      if (address) resolve(address);
    });
    void ended.then(({ code, stderr }) => reject(new Error(`ended with code ${code} before it was ready: ${stderr}`)));
  });
}

function parseLine(line: string): { address?: string } {
  try {
    return JSON.parse(line) as { address?: string };
  } catch {
    return {};
  }
}

/** Stops it as an operator does, and says how it ended. */
export async function stopTaskflow(taskflow: Taskflow): Promise<End> {
  taskflow.kill("SIGTERM");
  return taskflow.ended;
}

/** The end of a start that must be refused: code 1 and one sentence, no stack. */
export async function refusal(test: TestContext, options: StartOptions): Promise<string> {
  const { code, stderr } = await startTaskflow(test, options).ended;
  const lines = stderr.trim().split("\n");
  if (code !== 1 || lines.length !== 1) throw new Error(`not a refusal: code ${code}, ${stderr}`);
  return lines[0] ?? "";
}
