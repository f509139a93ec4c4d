import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Program {
  /** Names the program in errors, and its log: `<folder>/<name>.log`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that can be stopped, killed and started again with the same arguments, ports and log. */
export interface RunningProgram {
  readonly name: string;
  readonly logFile: string;
  readonly pid: () => number | undefined;
  readonly isRunning: () => boolean;
  /** Settles when the present run ends, however it ends. */
  readonly exited: () => Promise<Exit>;
  /** Does nothing while it runs. */
  readonly start: () => void;
  /** SIGTERM, and SIGKILL when it has not ended after `graceMs`. */
  readonly stop: (graceMs?: number) => Promise<Exit>;
  /** SIGKILL: nothing is flushed, nothing is said goodbye to. */
  readonly kill: () => Promise<Exit>;
  readonly log: () => string;
}

const GRACE_MS = 15_000;
const LOG_TAIL_LINES = 30;

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  ended: boolean;
}

/** Starts a program in a process group of its own: Ctrl-C in a terminal reaches only us, and we stop it in order. */
export function startProgram(program: Program): RunningProgram {
  mkdirSync(program.folder, { recursive: true });
  const logFile = join(program.folder, `${program.name}.log`);
  let run = spawnRun(program, logFile);
  const signal = (name: NodeJS.Signals) => signalGroup(run, name);
  const kill = () => {
    signal("SIGKILL");
    return run.exited;
  };
  return {
    name: program.name,
    logFile,
    pid: () => run.child.pid,
    isRunning: () => !run.ended,
    exited: () => run.exited,
    start: () => {
      if (run.ended) run = spawnRun(program, logFile);
    },
    stop: async (graceMs = GRACE_MS) => {
      signal("SIGTERM");
      const timer = setTimeout(() => signal("SIGKILL"), graceMs);
      return run.exited.finally(() => clearTimeout(timer));
    },
    kill,
    log: () => readFileSync(logFile, "utf8"),
  };
}

export interface Wait {
  /** What is waited for, in words: it stands in the error. */
  readonly what: string;
  readonly timeoutMs?: number;
  /** Gives up at once when this program ends, and shows the end of its log. */
  readonly program?: RunningProgram;
}

const POLL_MS = 25;
const WAIT_MS = 120_000;

/** Waits until `condition` answers something truthy, and answers it. A condition that throws is not met yet. */
export async function waitFor<T>(condition: () => T | Promise<T>, wait: Wait): Promise<NonNullable<T>> {
  const timeoutMs = wait.timeoutMs ?? WAIT_MS;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (wait.program && !wait.program.isRunning())
      throw new Error(`${wait.program.name} ended before ${wait.what}${tail(wait.program)}`);
    // What is late is looked at once more: it may be this process that was held up.
    const isLate = performance.now() >= deadline;
    const { answer, failure } = await look(condition);
    if (answer) return answer;
    if (isLate)
      throw new Error(`waited ${timeoutMs} ms for ${wait.what}${wait.program ? tail(wait.program) : ""}`, {
        cause: failure,
      });
    await sleep(POLL_MS);
  }
}

async function look<T>(condition: () => T | Promise<T>): Promise<{ readonly answer?: T; readonly failure?: unknown }> {
  try {
    return { answer: await condition() };
  } catch (failure) {
    return { failure };
  }
}

function tail(program: RunningProgram): string {
  return `\n--- end of ${program.logFile}\n${program.log().trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n")}`;
}

const live = new Set<Run>();

function spawnRun(program: Program, logFile: string): Run {
  watchOverOrphans();
  const log = openSync(logFile, "a");
  // It is ours alone: TaskFlow refuses to start with a TASKFLOW_ name that is no setting.
  const { TASKFLOW_INFRA_DIR: _ours, ...inherited } = process.env;
  const child = spawn(program.command, program.args, {
    stdio: ["ignore", log, log],
    detached: true,
    env: { ...inherited, ...program.env },
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
  });
  closeSync(log);
  const run: Run = { child, exited: ended(child, () => forget(run)), ended: false };
  live.add(run);
  return run;
}

function ended(child: ChildProcess, onEnd: () => void): Promise<Exit> {
  return new Promise((resolve) => {
    const end = (exit: Exit) => {
      onEnd();
      resolve(exit);
    };
    // A command that does not exist ends here, without an exit.
    child.once("error", () => end({ code: null, signal: null }));
    child.once("exit", (code, signal) => end({ code, signal }));
  });
}

function forget(run: Run): void {
  run.ended = true;
  live.delete(run);
}

function signalGroup(run: Run, signal: NodeJS.Signals): void {
  if (run.ended || run.child.pid === undefined) return;
  try {
    process.kill(-run.child.pid, signal);
  } catch (error) {
    // The group can be gone before its exit was told to us.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

let watching = false;

/** A process group of its own outlives us, so whichever way we end takes it along. */
function watchOverOrphans(): void {
  if (watching) return;
  watching = true;
  process.on("exit", killAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const onSignal = () => {
      // Someone else listens too: a supervisor that stops its programs in order, and then ends.
      if (process.listenerCount(signal) > 1) return;
      killAll();
      process.off(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
}

function killAll(): void {
  for (const run of live) signalGroup(run, "SIGKILL");
}
