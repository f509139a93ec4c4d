import { asUnavailable } from "../../../adapters/db/database.ts";

/**
 * Items that come while a batch is being committed are the next batch: alone an item waits for nothing, and many share
 * one commit.
 */
export interface GroupCommit<T> {
  /** Resolves when the item is committed; rejects with what its commit threw. */
  add(item: T): Promise<void>;
}

interface Entry<T> {
  readonly item: T;
  readonly done: PromiseWithResolvers<void>;
}

/** @param most in one batch */
export const createGroupCommit = <T>(most: number, commit: (items: readonly T[]) => Promise<void>): GroupCommit<T> => {
  let waiting: Entry<T>[] = [];
  let committing = false;

  const commitBatch = async (batch: readonly Entry<T>[]): Promise<void> => {
    try {
      await commit(batch.map(({ item }) => item));
      for (const { done } of batch) done.resolve();
    } catch (error) {
      // One that cannot be committed must not take the others with it; a database that is away takes them all.
      if (batch.length > 1 && asUnavailable(error) === undefined) for (const entry of batch) await commitBatch([entry]);
      else for (const { done } of batch) done.reject(error);
    }
  };

  const commitAll = async (): Promise<void> => {
    committing = true;
    // What is handed in within the same turn belongs together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await commitBatch(batch);
    }
    committing = false;
  };

  return {
    add(item) {
      const done = Promise.withResolvers<void>();
      waiting.push({ item, done });
      if (!committing) void commitAll();
      return done.promise;
    },
  };
};
