import type { TaskFlowEvent } from "../../contract/event.ts";
import type { Bus, Logger, Loop, Metrics, StartLoop } from "../../ports.ts";
import { type Backoff, pauseAfter, wait } from "../bus/backoff.ts";
import type { Database } from "../db/database.ts";
import { createKeyedQueue } from "../keyed-queue.ts";
import { createInFlight } from "./in-flight.ts";
import { createLeadership } from "./leadership.ts";

export interface RelayOptions {
  readonly database: Database;
  readonly bus: Bus;
  /** Whose events: each producer has a relay of its own, of which one replica at a time works. */
  readonly producer: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly backoff?: Backoff;
  /** How often to look without being woken, in milliseconds: it finds what nobody told of. */
  readonly pollMs?: number;
  /** How long a stop waits for what the bus is taking, in milliseconds. */
  readonly graceMs?: number;
}

export interface Relay {
  /** Something was committed: look now. */
  wake(): void;
  /**
   * Stops taking, waits the grace period for what the bus is taking, keeps the rest in the outbox. While the bus stops
   * too.
   */
  stop(): Promise<void>;
}

interface Entry {
  readonly position: number;
  readonly sequence: number;
  readonly created_at: Date;
  readonly data: Omit<TaskFlowEvent, "sequence">;
}

/** Events under way at once: bounds memory when the broker is away or a consumer is slow. */
const MOST_IN_FLIGHT = 512;
const MOST_OF_ONE_TASK = 16;
/** The pause between two looks while there is work, so that busy times read batches. */
const BATCH_PAUSE_MS = 2;

/*
 * Positions become visible out of order (a later one may be committed first), so there is no "after the last one": what is
 * in the outbox and not under way is next. Within one user, and so within one task, positions follow the commits.
 */
const nextStatement = `
SELECT o.position, o.sequence, o.created_at, e.data
FROM outbox o JOIN events e ON e.user_id = o.user_id AND e.sequence = o.sequence
WHERE o.producer = $1 AND o.position <> ALL ($2::bigint[]) AND e.task_id <> ALL ($3::uuid[])
ORDER BY o.position LIMIT $4`;

/** Publishes the outbox: at least once, in order per task, with backoff for ever. */
export const startRelay = (options: RelayOptions): Relay => {
  const {
    database,
    bus,
    producer,
    log,
    metrics,
    startLoop,
    backoff = { firstMs: 100, longestMs: 3_000 },
    pollMs = 1_000,
    graceMs = 2_000,
  } = options;
  const leadership = createLeadership(database, `taskflow relay of ${producer}`, () => looking.wake());
  const inFlight = createInFlight({ most: MOST_IN_FLIGHT, mostOfOneTask: MOST_OF_ONE_TASK });
  const publishing = new Set<Promise<void>>();
  const inOrder = createKeyedQueue();
  const stopping = new AbortController();
  let published: number[] = [];

  const publish = async (event: TaskFlowEvent): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      stopping.signal.throwIfAborted();
      try {
        return await bus.publish(event);
      } catch (error) {
        metrics.count("taskflow_publish_failures_total", { producer });
        if (attempt === 1)
          log.warn(
            { producer, event_id: event.event_id, err: error },
            "an event could not be published; trying until it is",
          );
        await wait(pauseAfter(attempt, backoff), stopping.signal);
      }
    }
  };

  const take = async ({ position, sequence, created_at, data }: Entry): Promise<void> => {
    try {
      await inOrder.run(data.task_id, () => publish({ ...data, sequence } as TaskFlowEvent));
      metrics.count("taskflow_events_published_total", { producer });
      metrics.observe("taskflow_outbox_publish_seconds", (Date.now() - created_at.getTime()) / 1000, { producer });
      published.push(position);
      sweeping.wake();
    } catch {
      inFlight.remove(position);
    }
  };

  /** Takes what is published out of the outbox, in one statement for all that is there. */
  const sweep = async (): Promise<void> => {
    while (published.length > 0) {
      const batch = published;
      published = [];
      await removeFromOutbox(batch);
      const { full } = inFlight;
      for (const position of batch) inFlight.remove(position);
      if (full) looking.wake();
    }
  };

  const removeFromOutbox = async (batch: readonly number[]): Promise<void> => {
    try {
      await database.prepared("outbox-sweep", "DELETE FROM outbox WHERE position = ANY ($1::bigint[])", [batch]);
    } catch (error) {
      published.push(...batch);
      throw error;
    }
  };

  const look = async (): Promise<void> => {
    if (!(await leadership.lead())) return;
    while (!stopping.signal.aborted && inFlight.room > 0) {
      const values = [producer, inFlight.positions(), inFlight.crowdedTasks(), inFlight.room];
      const entries = await database.prepared<Entry & Record<string, unknown>>("outbox-next", nextStatement, values);
      if (entries.length === 0) return;
      for (const entry of entries)
        if (inFlight.add({ position: entry.position, taskId: entry.data.task_id })) begin(take(entry));
      await wait(BATCH_PAUSE_MS, stopping.signal);
    }
  };

  const begin = (taking: Promise<void>): void => {
    publishing.add(taking);
    void taking.finally(() => publishing.delete(taking));
  };

  const measure = async (): Promise<void> => {
    const [lag] = await database.prepared<{ waiting: number; seconds: number }>(
      "outbox-lag",
      "SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds FROM outbox WHERE producer = $1",
      [producer],
    );
    metrics.gauge("taskflow_outbox_waiting", lag?.waiting ?? 0, { producer });
    metrics.gauge("taskflow_outbox_lag_seconds", lag?.seconds ?? 0, { producer });
  };

  const sweeping: Loop = startLoop(`outbox sweep of ${producer}`, pollMs, sweep);
  const looking: Loop = startLoop(`outbox relay of ${producer}`, pollMs, async () => {
    await look().catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    });
  });
  const measuring: Loop = startLoop(`outbox lag of ${producer}`, 5_000, measure);

  return {
    wake: () => leadership.tell(),
    async stop() {
      stopping.abort(new Error("the relay has stopped"));
      await Promise.all([looking.stop(), measuring.stop()]);
      const grace = new AbortController();
      await Promise.race([Promise.all(publishing), wait(graceMs, grace.signal)]);
      grace.abort();
      await sweeping.stop();
      await sweep().catch((error: unknown) =>
        log.warn({ err: error }, "published events stay in the outbox and will come again"),
      );
      await leadership.resign();
    },
  };
};
