import { setTimeout as delay } from "node:timers/promises";
import type { Logger, Loop, StartLoop } from "../ports.ts";

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 30_000;

/** Loops that log what they throw, and wait twice as long after each failure in a row (at most 30 s). */
export const createLoops =
  (log: Logger): StartLoop =>
  (name, everyMs, run) => {
    const stopped = new AbortController();
    let pause = new AbortController();
    let woken = false;

    const sleep = async (ms: number): Promise<void> => {
      pause = new AbortController();
      if (woken || stopped.signal.aborted) return;
      await delay(ms, undefined, { signal: pause.signal }).catch(() => undefined);
    };

    const turn = async (failures: number): Promise<number> => {
      woken = false;
      try {
        await run(stopped.signal);
        await sleep(everyMs);
        return 0;
      } catch (error) {
        if (!stopped.signal.aborted) log.warn({ loop: name, failures: failures + 1, err: error }, "a loop failed and will try again");
        const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures);
        // Being woken ends the backoff, or news would wait for as long as the fault lasted; but never a storm of tries.
        await delay(FIRST_BACKOFF_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
        await sleep(backoff - FIRST_BACKOFF_MS);
        return Math.min(failures + 1, 20);
      }
    };

    const finished = (async () => {
      let failures = 0;
      while (!stopped.signal.aborted) failures = await turn(failures);
    })();

    return {
      wake() {
        woken = true;
        pause.abort();
      },
      async stop() {
        stopped.abort();
        pause.abort();
        await finished;
      },
    } satisfies Loop;
  };
