import { setTimeout as delay } from "node:timers/promises";

const LONGEST_MS = 120_000;
const LOOK_MS = 20;

/** Waits for a condition, looking again and again; throws with `what` when it does not come true. */
export const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + LONGEST_MS;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${LONGEST_MS / 1_000} s`);
    await delay(LOOK_MS);
  }
};
