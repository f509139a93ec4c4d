import { topics, type TaskFlowEvent } from "../../contract/event.ts";
import type { Bus, DeadLetters, Logger, Metrics, Subscription } from "../../ports.ts";
import { createKeyedQueue, type KeyedQueue } from "../keyed-queue.ts";
import { type Backoff, pauseAfter, wait } from "./backoff.ts";

export interface InProcessBusOptions {
  readonly deadLetters: DeadLetters;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Tries of one consumer before the event goes to its dead letters. */
  readonly attempts?: number;
  readonly backoff?: Backoff;
  /** Longest a handler may take for one try, in milliseconds. */
  readonly timeoutMs?: number;
}

/** One consumer with the order of each task's events. */
interface Consumer {
  readonly subscription: Subscription;
  readonly inOrder: KeyedQueue;
}

/**
 * The bus of the single process. It keeps nothing itself: `publish` resolves when every consumer has taken the event or
 * its dead letter is stored, so what was not acknowledged is still in the outbox and comes again after the next start.
 * How much is under way at once is bounded by the publisher.
 */
export const createInProcessBus = (options: InProcessBusOptions): Bus => {
  const { deadLetters, log, metrics, attempts = 6, backoff = { firstMs: 100, longestMs: 5_000 }, timeoutMs = 30_000 } = options;
  const consumers: Consumer[] = [];
  const stopping = new AbortController();

  const handleOnce = async ({ subscription }: Consumer, event: TaskFlowEvent, attempt: number): Promise<void> => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(timeoutMs)]);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([subscription.handle(event, { attempt, signal }), aborted]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  };

  const deliver = async (consumer: Consumer, event: TaskFlowEvent): Promise<void> => {
    const labels = { consumer: consumer.subscription.consumer, type: event.event_type };
    for (let attempt = 1; ; attempt += 1) {
      stopping.signal.throwIfAborted();
      try {
        await handleOnce(consumer, event, attempt);
        metrics.count("taskflow_events_consumed_total", labels);
        return;
      } catch (error) {
        stopping.signal.throwIfAborted();
        metrics.count("taskflow_event_retries_total", labels);
        log.warn({ ...labels, event_id: event.event_id, attempt, err: error }, "a consumer failed");
        if (attempt >= attempts) return bury(consumer, event, attempt, error);
        await wait(pauseAfter(attempt, backoff), stopping.signal);
      }
    }
  };

  const bury = async ({ subscription: { consumer } }: Consumer, event: TaskFlowEvent, tries: number, error: unknown): Promise<void> => {
    await deadLetters.add({ consumer, event, reason: reasonOf(error), attempts: tries });
    metrics.count("taskflow_dead_letters_total", { consumer });
    log.error({ consumer, event_id: event.event_id }, "an event went to the dead letters");
  };

  return {
    subscribe(subscription) {
      consumers.push({ subscription, inOrder: createKeyedQueue() });
    },
    start: () => Promise.resolve(),
    async publish(event) {
      const topic = topics[event.event_type];
      const interested = consumers.filter(({ subscription }) => subscription.topics.includes(topic));
      const deliveries = interested.map((consumer) => consumer.inOrder.run(event.task_id, () => deliver(consumer, event)));
      const failed = (await Promise.allSettled(deliveries)).find((delivery) => delivery.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    },
    stop() {
      stopping.abort(new Error("the bus has stopped"));
      return Promise.resolve();
    },
    missing: () => Promise.resolve([]),
  };
};

const MOST_REASON_LENGTH = 2_000;

/** An error in one line, for people who look at dead letters. */
export const reasonOf = (error: unknown): string => String(error instanceof Error ? error.message : error).slice(0, MOST_REASON_LENGTH);
