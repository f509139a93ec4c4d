import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";

/** Sees rows of the history as they are committed, to within a few milliseconds. */
export interface RowFollower {
  /** Of every row so far: milliseconds from its event until it was seen. */
  readonly lags: readonly number[];
  /** Called with the title of each row. */
  onTitle: (title: string) => void;
  stop(): Promise<void>;
}

const EVERY_MS = 10;

const newRows = `
SELECT e.user_id, e.sequence::int AS sequence, e.occurred_at, e.task_title
FROM audit_heads h LEFT JOIN unnest($1::uuid[], $2::bigint[]) AS seen (user_id, sequence) USING (user_id)
JOIN task_events e ON e.user_id = h.user_id AND e.sequence > coalesce(seen.sequence, 0) AND e.sequence <= h.sequence`;

interface NewRow {
  readonly user_id: string;
  readonly sequence: number;
  readonly occurred_at: Date;
  readonly task_title: string;
}

/** Looks at the heads of all chains again and again; what was there before is passed over. */
export const followRows = (database: Client): RowFollower => {
  const lags: number[] = [];
  const seen = new Map<string, number>();
  const follower = { lags, onTitle: (_title: string): void => undefined };
  const stopping = new AbortController();
  let isFirst = true;

  const look = async (): Promise<void> => {
    const { rows } = await database.query<NewRow>({
      name: "new-rows",
      text: newRows,
      values: [[...seen.keys()], [...seen.values()]],
    });
    const now = Date.now();
    for (const { user_id, sequence, occurred_at, task_title } of rows) {
      seen.set(user_id, Math.max(sequence, seen.get(user_id) ?? 0));
      if (isFirst) continue;
      lags.push(now - occurred_at.getTime());
      follower.onTitle(task_title);
    }
    isFirst = false;
  };

  const follow = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look();
      await delay(EVERY_MS);
    }
  };
  const following = follow();
  return Object.assign(follower, {
    async stop() {
      stopping.abort();
      await following;
    },
  });
};
