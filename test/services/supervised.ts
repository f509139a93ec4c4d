import { setTimeout as sleep } from "node:timers/promises";
import type { RunningProgram } from "../infra/process.ts";

/** A program that is started again when it ends, until it is told to stay away. */
export interface Supervised {
  readonly name: string;
  readonly program: RunningProgram;
  /** How often it was started again. */
  readonly restarts: () => number;
  /** kill -9; the supervision starts it again. */
  readonly kill: () => Promise<void>;
  /** Stops or kills it, and keeps it away until `release`. */
  readonly hold: (how?: "stop" | "kill") => Promise<void>;
  readonly release: () => void;
  /** Stops it for good. */
  readonly stop: () => Promise<void>;
}

export interface Supervision {
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  readonly onRestart?: (name: string, code: number | null) => void;
}

/** A run as long as this was a good one: the next pause is short again. */
const GOOD_RUN_MS = 10_000;

export function supervise(
  program: RunningProgram,
  { firstPauseMs = 200, longestPauseMs = 5_000, onRestart = () => undefined }: Supervision = {},
): Supervised {
  const stopping = new AbortController();
  let restarts = 0;
  let held: PromiseWithResolvers<void> | undefined;

  const watch = async (): Promise<void> => {
    let pauseMs = firstPauseMs;
    for (;;) {
      const startedAt = performance.now();
      const { code } = await program.exited();
      if (performance.now() - startedAt > GOOD_RUN_MS) pauseMs = firstPauseMs;
      if (held === undefined) await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      await held?.promise;
      if (stopping.signal.aborted) return;
      restarts += 1;
      onRestart(program.name, code);
      program.start();
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  };
  const watching = watch();

  const release = (): void => {
    held?.resolve();
    held = undefined;
  };
  return {
    name: program.name,
    program,
    restarts: () => restarts,
    kill: async () => {
      await program.kill();
    },
    hold: async (how = "stop") => {
      held ??= Promise.withResolvers();
      await program[how]();
    },
    release,
    stop: async () => {
      stopping.abort();
      release();
      await program.stop();
      await watching;
    },
  };
}
