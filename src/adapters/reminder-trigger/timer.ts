import type { ReminderTrigger } from "../../ports.ts";

const SWEEP_MS = 1_000;
/** A longer delay would overflow and ring at once. The sweep sets what is near again and again. */
const LONGEST_MS = 60_000;

/**
 * The built-in trigger: one timer of this process, for the first reminder to come. Every look at the schedule answers
 * which one is next, so that nothing beyond it is kept here, however many there are.
 */
export const createTimerTrigger = (): ReminderTrigger => {
  let timer: NodeJS.Timeout | undefined;
  /** When it rings, by the clock that never jumps. */
  let ringsAt = Infinity;
  let ring: () => Promise<void> = async () => undefined;

  const rung = (): void => {
    ringsAt = Infinity;
    // What could not be given now is found by the sweep, which says why.
    ring().catch(() => undefined);
  };

  return {
    sweepMs: SWEEP_MS,
    start(toRing) {
      ring = toRing;
    },
    set({ inMs }) {
      // Rounded up: a timer that ends in the same millisecond may be early.
      const delay = Math.min(LONGEST_MS, Math.max(0, Math.ceil(inMs)));
      const at = performance.now() + delay;
      if (at >= ringsAt) return;
      clearTimeout(timer);
      ringsAt = at;
      timer = setTimeout(rung, delay);
    },
    stop() {
      clearTimeout(timer);
      ringsAt = -Infinity;
      return Promise.resolve();
    },
    missing: () => [],
  };
};
