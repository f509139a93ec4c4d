import { percentile } from "../harness.ts";

/** What one kind of work reached with so many clients. */
export interface Measured {
  readonly perSecond: number;
  /** Milliseconds from sending to the answer. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** All that was done, the warm-up included. */
  readonly count: number;
}

export interface ClosedLoop {
  readonly clients: number;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** One piece of work of a client. */
  readonly work: (client: number) => Promise<void>;
}

/** So many clients, each of which begins its next piece of work when its last one has ended. */
export const closedLoop = async ({ clients, warmUpSeconds, seconds, work }: ClosedLoop): Promise<Measured> => {
  const from = performance.now() + warmUpSeconds * 1_000;
  const until = from + seconds * 1_000;
  const times: number[] = [];
  let count = 0;
  const runClient = async (client: number): Promise<void> => {
    for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
      await work(client);
      const endedAt = performance.now();
      count += 1;
      if (startedAt >= from && endedAt <= until) times.push(endedAt - startedAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_none, client) => runClient(client)));
  return {
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    p99: percentile(times, 0.99),
    count,
  };
};
