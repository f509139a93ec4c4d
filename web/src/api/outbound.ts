import { backoffMs, nextToSend, outcomeOf } from "./delivery.ts";
import type { Database } from "./database.ts";
import type { Operation, Refusal } from "./operation.ts";
import { submit, type Written } from "./submit.ts";
import { withLock } from "./locks.ts";

export interface OutboundListener {
  settled(operation: Operation, written: Written): void;
  refused(operation: Operation, refusal: Refusal): void;
  /** The server could not take it now; it will be tried again. */
  failed(attempt: number): void;
}

export interface Outbound {
  /** Sends what waits, now. */
  flush(): void;
  stop(): void;
}

/**
 * Sends what waits in the queue, in the order in which the user did it, one at a time over all tabs.
 * What cannot be sent now stays and is tried again with growing pauses.
 */
export const createOutbound = (userId: string, database: Database, listener: OutboundListener): Outbound => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let running = false;
  let again = false;
  let stopped = false;

  const flush = (): void => {
    clearTimeout(timer);
    again = running;
    if (running || stopped) return;
    running = true;
    void withLock(`taskflow.write.${userId}`, drain).finally(() => {
      running = false;
      if (again) flush();
    });
  };

  const drain = async (): Promise<void> => {
    for (;;) {
      const operation = stopped ? undefined : nextToSend(await database.queue());
      if (operation === undefined || stopped) return;
      if (!(await deliver(operation))) return;
    }
  };

  /** False when the rest has to wait. An answer after the end is asked for again at the next start. */
  const deliver = async (operation: Operation): Promise<boolean> => {
    try {
      const written = await submit(operation, database);
      if (stopped) return false;
      await database.settle(operation.id, { tasks: written.tasks }, written.undo);
      attempt = 0;
      listener.settled(operation, written);
      return true;
    } catch (error) {
      return stopped ? false : cope(operation, error);
    }
  };

  const cope = async (operation: Operation, error: unknown): Promise<boolean> => {
    const outcome = outcomeOf(error);
    if (outcome.kind === "refused") {
      await database.refuse(operation.id, outcome.refusal);
      listener.refused(operation, outcome.refusal);
      return true;
    }
    if (outcome.kind === "retry") {
      attempt += 1;
      listener.failed(attempt);
      timer = setTimeout(flush, outcome.afterMs ?? backoffMs(attempt - 1, Math.random()));
    }
    return false;
  };

  addEventListener("online", flush);
  return {
    flush,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      removeEventListener("online", flush);
    },
  };
};
