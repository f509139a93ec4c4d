export interface BatcherOptions<T> {
  /** The most items in a batch. */
  readonly most: number;
  /** The longest an item waits for its batch to close, in milliseconds. */
  readonly longestMs: number;
  /** A batch closes earlier when nothing has come for so long: what is to come may wait for our acknowledgement. */
  readonly quietMs: number;
  /** How many batches are flushed at the same time. */
  readonly atOnce: number;
  flush(items: readonly T[]): Promise<void>;
}

/** Collects items that are handed in one by one and flushes them together. */
export interface Batcher<T> {
  /** Resolves when the item's batch is flushed; rejects with what the flush threw. */
  add(item: T): Promise<void>;
  /** Flushes what is there and resolves when that is done. */
  stop(): Promise<void>;
}

interface Pending<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export const createBatcher = <T>({ most, longestMs, quietMs, atOnce, flush }: BatcherOptions<T>): Batcher<T> => {
  let pending: Pending<T>[] = [];
  const flights = new Set<Promise<void>>();
  let quiet: NodeJS.Timeout | undefined;
  let longest: NodeJS.Timeout | undefined;

  const disarm = (): void => {
    clearTimeout(quiet);
    clearTimeout(longest);
    quiet = undefined;
    longest = undefined;
  };

  const arm = (): void => {
    longest ??= setTimeout(close, longestMs);
    clearTimeout(quiet);
    quiet = setTimeout(close, quietMs);
  };

  const flushOne = async (batch: readonly Pending<T>[]): Promise<void> => {
    try {
      await flush(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  /** What came while batches were being flushed has waited enough: it is the next one. */
  const start = (): void => {
    const batch = pending.slice(0, most);
    pending = pending.slice(most);
    const flight: Promise<void> = flushOne(batch).then(() => {
      flights.delete(flight);
      if (pending.length > 0) close();
    });
    flights.add(flight);
  };

  const close = (): void => {
    disarm();
    while (pending.length > 0 && flights.size < atOnce) start();
  };

  return {
    add(item) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      pending.push({ item, resolve, reject });
      if (pending.length >= most) close();
      else if (flights.size === 0) arm();
      return promise;
    },
    async stop() {
      close();
      while (flights.size > 0) await Promise.all(flights);
    },
  };
};
