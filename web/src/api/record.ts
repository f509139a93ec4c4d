import { backoffMs } from "./delivery.ts";
import { recordedThrough } from "./history.ts";
import { useTasks } from "./tasks-store.ts";

/**
 * Follows how far the history has come: it hears of an event a moment after this device does. When the stream is ahead
 * of it, asks until it has caught up, and tells each time that there is more to read. Answers how to stop.
 */
export const followRecord = (reached: (sequence: number) => void): (() => void) => {
  let known = -1;
  let failures = 0;
  let isAsking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isBehind = (): boolean => {
    const { replica, connection } = useTasks.getState();
    return connection === "live" && known < (replica.sequence ?? -1);
  };
  const ask = async (): Promise<void> => {
    const sequence = await recordedThrough().catch(() => known);
    failures = sequence > known ? 0 : failures + 1;
    if (sequence <= known) return;
    known = sequence;
    reached(sequence);
  };
  const look = (): void => {
    if (isAsking || timer !== undefined || !isBehind()) return;
    isAsking = true;
    void ask().finally(() => {
      isAsking = false;
      if (isBehind()) timer = setTimeout(lookAgain, backoffMs(failures, Math.random()));
    });
  };
  const lookAgain = (): void => {
    timer = undefined;
    look();
  };

  const unsubscribe = useTasks.subscribe(look);
  look();
  return () => {
    unsubscribe();
    clearTimeout(timer);
    known = Number.POSITIVE_INFINITY;
  };
};
