import { DomainError } from "../contract/problem.ts";
import type { LongWork, ProcessorShare } from "../ports.ts";

/** How long work may keep the event loop in one piece: what everyone else waits at most, and at once. */
const SLICE_MS = 4;
/** Works of one user that wait for their turn; one more is refused. */
const MAX_WAITING = 8;

/** Milliseconds of the processor, and how many come back in each millisecond. */
interface Allowance {
  readonly most: number;
  readonly perMs: number;
}

/** A usual bulk write goes through at once; who goes on for longer has a quarter of the processor. */
const OF_A_USER: Allowance = { most: 500, perMs: 0.25 };
/** All long work together leaves half of the processor to everything else. */
const OF_ALL: Allowance = { most: 1_000, perMs: 0.5 };

/** Milliseconds of time, which is what others wait, and of the processor, which is what work is charged with. */
interface Clocks {
  now(): number;
  worked(): number;
}

const systemClocks: Clocks = {
  now: () => performance.now(),
  worked() {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  },
};

interface Account {
  /** Negative while it has used more than it had. */
  left: number;
  countedAt: number;
}

interface Waiting {
  readonly turns: (() => void)[];
  readonly account: Account;
}

/**
 * Shares the event loop between users whose work is long: in slices, one between two looks at the network and the timers,
 * each user in turn, and each within an allowance.
 */
export const createProcessorShare = (clocks: Clocks = systemClocks): ProcessorShare => {
  const { now } = clocks;
  const all: Account = { left: OF_ALL.most, countedAt: now() };
  const accounts = new Map<string, Account>();
  /** In the order of their turns. */
  const waiting = new Map<string, Waiting>();
  let isScheduled = false;

  const accountOf = (userId: string): Account => {
    const account = accounts.get(userId) ?? { left: OF_A_USER.most, countedAt: now() };
    accounts.set(userId, account);
    return account;
  };

  const charge = (userId: string, ms: number): void => {
    spend(accountOf(userId), OF_A_USER, ms, now());
    spend(all, OF_ALL, ms, now());
  };

  const schedule = (): void => {
    if (isScheduled || waiting.size === 0) return;
    isScheduled = true;
    const waits = [...waiting.values()].map(({ account }) => waitOf(account, OF_A_USER, now()));
    const wait = Math.max(Math.min(...waits), waitOf(all, OF_ALL, now()));
    if (wait <= 0) setImmediate(giveTurn);
    else setTimeout(giveTurn, Math.ceil(wait));
  };

  const giveTurn = (): void => {
    isScheduled = false;
    const next = [...waiting].find(([, { account }]) => waitOf(account, OF_A_USER, now()) <= 0);
    if (next !== undefined && waitOf(all, OF_ALL, now()) <= 0) {
      const [userId, entry] = next;
      const turn = entry.turns.shift();
      waiting.delete(userId);
      if (entry.turns.length > 0) waiting.set(userId, entry);
      turn?.();
    }
    forgetFull(accounts, waiting, now());
    schedule();
  };

  const turnOf = (userId: string): Promise<void> => {
    const entry = waiting.get(userId) ?? { turns: [], account: accountOf(userId) };
    if (entry.turns.length >= MAX_WAITING)
      throw new DomainError("rate_limited", "your earlier requests are still being worked on", { retryAfter: 5 });
    waiting.set(userId, entry);
    return new Promise((resolve) => {
      entry.turns.push(resolve);
      schedule();
    });
  };

  return {
    begin(userId): LongWork {
      let startedAt = now();
      let workedBefore = clocks.worked();
      const resume = (): void => {
        startedAt = now();
        workedBefore = clocks.worked();
      };
      return {
        giveWay() {
          if (now() - startedAt < SLICE_MS) return undefined;
          charge(userId, clocks.worked() - workedBefore);
          return turnOf(userId).then(resume);
        },
        resume,
      };
    },
  };
};

const count = (account: Account, { most, perMs }: Allowance, at: number): void => {
  account.left = Math.min(account.left + (at - account.countedAt) * perMs, most);
  account.countedAt = at;
};

const spend = (account: Account, allowance: Allowance, ms: number, at: number): void => {
  count(account, allowance, at);
  account.left -= ms;
};

/** Milliseconds until it may be used. */
const waitOf = (account: Account, allowance: Allowance, at: number): number => {
  count(account, allowance, at);
  return account.left > 0 ? 0 : -account.left / allowance.perMs + 1;
};

/** An account that is full again says no more than none. */
const forgetFull = (accounts: Map<string, Account>, waiting: ReadonlyMap<string, Waiting>, at: number): void => {
  for (const [userId, account] of accounts) {
    count(account, OF_A_USER, at);
    if (account.left === OF_A_USER.most && !waiting.has(userId)) accounts.delete(userId);
  }
};
