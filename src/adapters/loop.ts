import type { Logger, Loop, StartLoop } from "../ports.ts";

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 30_000;

/** Loops that log what they throw, and wait twice as long after each failure in a row (at most 30 s). */
export const createLoops =
  (log: Logger): StartLoop =>
  (name, everyMs, run) => {
    const stopped = new AbortController();
    let woken = false;
    let resting = false;
    let endPause = (): void => undefined;

    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        if (stopped.signal.aborted) return resolve();
        const timer = setTimeout(resolve, ms);
        endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });

    const sleep = async (ms: number): Promise<void> => {
      if (!woken && ms > 0) await pause(ms);
    };

    /** Being woken ends a backoff, or news would wait for as long as the fault lasted; but never a storm of tries. */
    const backOff = async (failures: number): Promise<void> => {
      resting = true;
      await pause(FIRST_BACKOFF_MS);
      resting = false;
      await sleep(Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures) - FIRST_BACKOFF_MS);
    };

    const turn = async (failures: number): Promise<number> => {
      woken = false;
      try {
        await run(stopped.signal);
        await sleep(everyMs);
        return 0;
      } catch (error) {
        if (!stopped.signal.aborted)
          log.warn({ loop: name, failures: failures + 1, err: error }, "a loop failed and will try again");
        await backOff(failures);
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
        if (!resting) endPause();
      },
      async stop() {
        stopped.abort();
        endPause();
        await finished;
      },
    } satisfies Loop;
  };
