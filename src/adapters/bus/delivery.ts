import type { TaskFlowEvent } from "../../contract/event.ts";
import type { DeadLetters, Logger, Metrics, Subscription } from "../../ports.ts";
import { asUnavailable } from "../db/database.ts";
import { createKeyedQueue, type KeyedQueue } from "../keyed-queue.ts";
import { type Backoff, pauseAfter, wait } from "./backoff.ts";

export interface DeliveryPolicy {
  /** Tries of one consumer before the event goes to its dead letters. */
  readonly attempts?: number;
  readonly backoff?: Backoff;
  /** Longest a handler may take for one try, in milliseconds. */
  readonly timeoutMs?: number;
  /** How long a handler under way may go on when the bus stops, in milliseconds. */
  readonly graceMs?: number;
}

export interface DeliveryOptions extends DeliveryPolicy {
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Puts an event that its consumer cannot take where people find it. */
export type Bury = DeadLetters["add"];

/**
 * How an event is handed to a consumer, the same on every bus: in order per task, with tries and backoff, or buried.
 */
export interface Delivery {
  /**
   * Resolves when the consumer's effect is committed or the event is buried. Rejects when neither is so and the event
   * must come again: the bus has stopped, what the consumer works on is away, or burying failed.
   */
  deliver(subscription: Subscription, event: TaskFlowEvent, bury: Bury): Promise<void>;
  /** Begins nothing new, gives the handlers under way the grace period, then aborts them. */
  stop(): Promise<void>;
}

export const createDelivery = (options: DeliveryOptions): Delivery => {
  const {
    log,
    metrics,
    attempts = 6,
    backoff = { firstMs: 100, longestMs: 5_000 },
    timeoutMs = 10_000,
    graceMs = 2_000,
  } = options;
  const queues = new Map<Subscription, KeyedQueue>();
  const handling = new Set<Promise<void>>();
  /** First no new tries, then no handlers either. */
  const stopping = new AbortController();
  const ending = new Set<(reason: unknown) => void>();

  const inOrderOf = (subscription: Subscription): KeyedQueue => {
    const queue = queues.get(subscription) ?? createKeyedQueue();
    queues.set(subscription, queue);
    return queue;
  };

  const handle = async (subscription: Subscription, event: TaskFlowEvent, attempt: number): Promise<void> => {
    const abort = new AbortController();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const end = (reason: unknown): void => {
      abort.abort(reason);
      reject(reason);
    };
    // A timer that is cleared, because a signal of its own with each event costs more than most handlers do.
    const timer = setTimeout(() => end(new Error(`the consumer took longer than ${timeoutMs} ms`)), timeoutMs);
    ending.add(end);
    try {
      await Promise.race([subscription.handle(event, { attempt, signal: abort.signal }), aborted]);
    } finally {
      clearTimeout(timer);
      ending.delete(end);
    }
  };

  const tryOnce = async (subscription: Subscription, event: TaskFlowEvent, attempt: number): Promise<void> => {
    stopping.signal.throwIfAborted();
    const handled = handle(subscription, event, attempt);
    const ended = handled.catch(() => undefined);
    handling.add(ended);
    await handled.finally(() => handling.delete(ended));
  };

  const deliver = async (subscription: Subscription, event: TaskFlowEvent, bury: Bury): Promise<void> => {
    const { consumer } = subscription;
    const labels = { consumer, type: event.event_type };
    for (let attempt = 1; ; attempt += 1) {
      // With every try, so that it grows while a consumer stands still.
      metrics.gauge("taskflow_consumer_lag_seconds", (Date.now() - Date.parse(event.timestamp)) / 1000, { consumer });
      try {
        await tryOnce(subscription, event, attempt);
        return metrics.count("taskflow_events_consumed_total", labels);
      } catch (error) {
        stopping.signal.throwIfAborted();
        metrics.count("taskflow_event_retries_total", labels);
        log.warn({ ...labels, event_id: event.event_id, attempt, err: error }, "a consumer failed");
        if (attempt >= attempts) return end(consumer, event, attempt, error, bury);
        await wait(pauseAfter(attempt, backoff), stopping.signal);
      }
    }
  };

  /** A database that is away is no fault of the event: it comes again instead. */
  const end = async (
    consumer: string,
    event: TaskFlowEvent,
    tries: number,
    error: unknown,
    bury: Bury,
  ): Promise<void> => {
    if (asUnavailable(error) !== undefined) throw error;
    await bury({ consumer, event, reason: reasonOf(error), attempts: tries });
    metrics.count("taskflow_dead_letters_total", { consumer });
    log.error({ consumer, event_id: event.event_id }, "an event went to the dead letters");
  };

  return {
    deliver: (subscription, event, bury) =>
      inOrderOf(subscription).run(event.task_id, () => deliver(subscription, event, bury)),
    async stop() {
      stopping.abort(new Error("the bus has stopped"));
      const grace = setTimeout(() => ending.forEach((end) => end(stopping.signal.reason)), graceMs);
      await Promise.all(handling);
      clearTimeout(grace);
    },
  };
};

const MOST_REASON_LENGTH = 2_000;

/** An error in one line, for people who look at dead letters. */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replaceAll(/\s+/g, " ").trim().slice(0, MOST_REASON_LENGTH) || "no reason was given";
};
