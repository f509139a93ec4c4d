import { chain, type ChainedEntry, genesis, type Head } from "./chain.ts";
import type { Entry } from "./entry.ts";

/** How far a user's chain moves. */
export interface HeadMove {
  readonly userId: string;
  readonly from: Head;
  readonly to: Head;
}

export interface AppendPlan {
  readonly moves: readonly HeadMove[];
  readonly rows: readonly ChainedEntry[];
  /** Came before one of a lower sequence: they wait outside of the chain. */
  readonly waiting: readonly Entry[];
}

/**
 * What a batch does to the chains: of each user, what follows the head without a gap is chained by sequence, whatever
 * order it came in; what the chain already has is a duplicate and does nothing; what is beyond a gap waits.
 */
export const planAppend = (entries: readonly Entry[], heads: ReadonlyMap<string, Head>): AppendPlan => {
  const plans = [...Map.groupBy(entries, ({ user_id }) => user_id)].map(([userId, ofUser]) =>
    planUser(userId, ofUser, heads.get(userId) ?? genesis),
  );
  return {
    moves: plans.flatMap(({ move }) => move ?? []).toSorted((one, other) => (one.userId < other.userId ? -1 : 1)),
    rows: plans.flatMap(({ rows }) => rows),
    waiting: plans.flatMap(({ waiting }) => waiting),
  };
};

const planUser = (
  userId: string,
  entries: readonly Entry[],
  from: Head,
): { move?: HeadMove; rows: readonly ChainedEntry[]; waiting: readonly Entry[] } => {
  const bySequence = new Map(entries.map((entry) => [entry.sequence, entry]));
  const next: Entry[] = [];
  for (let entry = bySequence.get(from.sequence + 1); entry !== undefined; entry = bySequence.get(entry.sequence + 1))
    next.push(entry);
  const rows = chain(from, next);
  const last = rows.at(-1);
  const through = last?.sequence ?? from.sequence;
  const waiting = [...bySequence.values()].filter(({ sequence }) => sequence > through);
  return {
    rows,
    waiting,
    ...(last === undefined ? {} : { move: { userId, from, to: { sequence: last.sequence, hash: last.hash } } }),
  };
};
