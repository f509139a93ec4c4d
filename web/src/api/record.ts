import { useEffect, useState } from "react";
import { backoffMs } from "./delivery.ts";
import { recordedThrough } from "./history.ts";
import { useTasks } from "./tasks-store.ts";

/**
 * Follows how far the history has come: it hears of an event a moment after this device does. When the stream is ahead of it,
 * asks until it has caught up. Answers how to stop.
 */
const followRecord = (reached: (sequence: number) => void): (() => void) => {
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

/** How far the history has come; what was read of it is read again when this grows. Null until it is known. */
export const useRecorded = (): number | null => {
  const [recorded, setRecorded] = useState<number | null>(null);
  useEffect(() => followRecord(setRecorded), []);
  return recorded;
};
