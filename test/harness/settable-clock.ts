import type { Clock } from "../../src/ports.ts";

/** A clock for tests in which days pass: it goes on from wherever it is set. */
export interface SettableClock extends Clock {
  /** RFC 3339. */
  set(instant: string): void;
}

export const createSettableClock = (instant: string): SettableClock => {
  let [from, setAt] = [Date.parse(instant), performance.now()];
  return {
    now: () => Math.floor(from + performance.now() - setAt),
    set: (next) => {
      [from, setAt] = [Date.parse(next), performance.now()];
    },
  };
};
