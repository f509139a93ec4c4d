import { type Backoff, pauseAfter, wait } from "../adapters/bus/backoff.ts";
import type { Logger } from "../ports.ts";

/** One thing to be done before the process works. */
export interface StartupStep {
  /** What does not work until it is done, as readiness says it. */
  readonly missing: string;
  run(): Promise<void>;
}

/** The way from "the process lives" to "it works", in steps that are each done once. */
export interface Startup {
  /** Whether every step is done. */
  readonly finished: boolean;
  /** What is not done yet, in words. */
  missing(): readonly string[];
  /** Does the steps in order; throws what a step throws, and goes on with that step when it is called again. */
  run(): Promise<void>;
  /** Does the steps in the background, trying again with backoff until they are done: what they need may come later. */
  runInBackground(): void;
  stop(): Promise<void>;
}

const BACKOFF: Backoff = { firstMs: 100, longestMs: 2_000 };

export const createStartup = (steps: readonly StartupStep[], log: Logger): Startup => {
  const left = [...steps];
  const stopping = new AbortController();
  let running = Promise.resolve();

  const run = async (): Promise<void> => {
    for (let [step] = left; step !== undefined; [step] = left) {
      stopping.signal.throwIfAborted();
      await step.run();
      left.shift();
    }
  };

  const runUntilDone = async (): Promise<void> => {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (attempt === 1)
          log.warn({ err: error, missing: left[0]?.missing }, "starting takes longer; trying until it is done");
        await wait(pauseAfter(attempt, BACKOFF), stopping.signal).catch(() => undefined);
      }
    }
  };

  return {
    get finished() {
      return left.length === 0;
    },
    missing: () => left.slice(0, 1).map(({ missing }) => missing),
    run,
    runInBackground() {
      running = runUntilDone();
    },
    async stop() {
      stopping.abort(new Error("the process stops"));
      await running;
    },
  };
};
