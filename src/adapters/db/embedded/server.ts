import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../../ports.ts";
import { Refusal } from "../../refusal.ts";
import type { Launch } from "./launch.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import { serverSettings } from "./server-settings.ts";

export interface ServerDeps {
  readonly postgres: string;
  readonly cluster: string;
  readonly socketFolder: string;
  readonly launch: Launch;
  readonly log: Logger;
}

export interface Server {
  /** Ready to answer. @throws Refusal with the server's own last words when it does not start. */
  start(): Promise<void>;
  /** Fast shutdown; immediate (recovered at the next start) when that takes longer than `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Recovery after a power cut replays the log first; while it does, the process lives and we wait. */
const startTimeoutMs = 300_000;
const restartMs = { first: 100, longest: 5_000 };
/** How long the processes of a killed server may take to notice its death, and how often they are looked for. */
const remainsMs = { longest: 60_000, look: 200 };
/** What PostgreSQL refuses to start with until then. */
const remainsHeld = /pre-existing shared memory block/;

/** A PostgreSQL server that is started again whenever it dies, until it is stopped. */
export function createServer(deps: ServerDeps): Server {
  const stopping = new AbortController();
  let current: ChildProcess | undefined;
  let restarts = Promise.resolve();
  // Leaving without a stop (a crash of ours): the server shuts down by itself after us.
  const abandon = () => current?.kill("SIGINT");

  async function run(): Promise<void> {
    const child = spawnServer(deps);
    current = child.process;
    await untilReady(child, deps.cluster);
    child.process.once("exit", (code, signal) => {
      if (stopping.signal.aborted) return;
      deps.log.error({ code, signal }, "PostgreSQL died; starting it again");
      restarts = restart();
    });
    if (child.process.exitCode !== null || child.process.signalCode !== null)
      throw new Refusal("PostgreSQL ended as soon as it was ready.");
  }

  async function restart(): Promise<void> {
    for (let wait = restartMs.first; !stopping.signal.aborted; wait = Math.min(wait * 2, restartMs.longest)) {
      try {
        await run();
        deps.log.info({ pid: current?.pid }, "PostgreSQL is back");
        return;
      } catch (error) {
        deps.log.error({ err: error, retry_ms: wait }, "PostgreSQL does not start");
        await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** What is left of a server that was killed is on its way out, and is waited for. */
  async function runAfterRemains(): Promise<void> {
    for (let waited = 0; ; waited += remainsMs.look) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof Refusal) || !remainsHeld.test(error.message) || waited >= remainsMs.longest) throw error;
        if (waited === 0) deps.log.warn({}, "processes of a killed PostgreSQL server still run; waiting for their end");
        await sleep(remainsMs.look);
      }
    }
  }

  return {
    async start() {
      process.once("exit", abandon);
      await runAfterRemains();
    },
    async stop(graceMs) {
      stopping.abort();
      if (current) await stopProcess(current, graceMs);
      await restarts;
      process.off("exit", abandon);
    },
  };
}

interface SpawnedServer {
  readonly process: ChildProcess;
  /** The last lines it said, for the person who reads why it did not start. */
  readonly lastWords: string[];
}

function spawnServer({ launch, postgres, cluster, socketFolder, log }: ServerDeps): SpawnedServer {
  const flags = Object.entries(serverSettings(socketFolder)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = launch(postgres, ["-D", cluster, ...flags]);
  const lastWords: string[] = [];
  child.stdin?.end();
  child.stdout?.resume();
  if (child.stderr) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      lastWords.push(line);
      if (lastWords.length > 5) lastWords.shift();
      logLine(log, line);
    });
  }
  return { process: child, lastWords };
}

/**
 * PostgreSQL's line is `LEVEL:  message`. FATAL is the end of one session, which its client is told; PANIC that of the
 * server.
 */
function logLine(log: Logger, line: string): void {
  const [, level, message] = /^([A-Z]+):\s+(.*)$/.exec(line) ?? [];
  if (level === "PANIC") log.error({ postgres: level }, message ?? line);
  else log.debug({ postgres: level }, message ?? line);
}

async function untilReady({ process: child, lastWords }: SpawnedServer, cluster: string): Promise<void> {
  const ended = new AbortController();
  child.once("error", (error) => ended.abort(error.message));
  child.once("close", () =>
    ended.abort(lastWords.findLast((line) => /^(FATAL|PANIC):/.test(line)) ?? lastWords.join(" ")),
  );
  for (let waited = 0; waited < startTimeoutMs; waited += 10) {
    if (ended.signal.aborted) throw new Refusal(`PostgreSQL did not start: ${String(ended.signal.reason)}`);
    const file = readPostmasterFile(cluster);
    if (file?.ready && file.pid === child.pid) return;
    await sleep(10);
  }
  child.kill("SIGQUIT");
  throw new Refusal(`PostgreSQL was not ready after ${startTimeoutMs / 1000} s.`);
}

async function stopProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGQUIT"), graceMs);
  await ended;
  clearTimeout(timer);
}
