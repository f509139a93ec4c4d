import { setTimeout as delay } from "node:timers/promises";

export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * The pause before try `attempt + 1`: doubled each time, up to the longest, with up to a quarter of it taken off so
 * that retries spread.
 */
export const pauseAfter = (attempt: number, { firstMs, longestMs }: Backoff): number => {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return full * (1 - Math.random() / 4);
};

/** Waits, or throws an AbortError, with the signal's reason as its cause, when it is aborted first. */
export const wait = async (ms: number, signal: AbortSignal): Promise<void> => {
  await delay(ms, undefined, { signal });
};
