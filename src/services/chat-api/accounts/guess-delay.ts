import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { DomainError } from "../../../contract/problem.ts";

/**
 * Wrong passwords of one account, from whatever addresses. After a few, each further try waits; none is refused for
 * what others did, so that nobody can lock somebody else out. An address that has signed in to the account never waits.
 */
export interface GuessDelay {
  /** Waits. @throws DomainError `rate_limited` when a try from this address for this account waits already */
  wait(email: string, address: string): Promise<void>;
  noteWrong(email: string): void;
  noteRight(email: string, address: string): void;
}

const MAX_FREE = 5;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
const FORGOTTEN_AFTER_MS = 15 * 60_000;
const KNOWN_FOR_MS = 30 * 86_400_000;
const MAX_ACCOUNTS = 20_000;
const MAX_KNOWN = 100_000;
const MAX_WAITING = 1_000;

export const createGuessDelay = (sleep: (ms: number) => Promise<unknown> = delay): GuessDelay => {
  const wrong = new LRUCache<string, number>({ max: MAX_ACCOUNTS, ttl: FORGOTTEN_AFTER_MS });
  const known = new LRUCache<string, true>({ max: MAX_KNOWN, ttl: KNOWN_FOR_MS });
  const waiting = new Set<string>();

  return {
    async wait(email, address) {
      const ms = delayAfter(wrong.get(nameOf(email)) ?? 0);
      const attempt = nameOf(email, address);
      if (ms === 0 || known.has(attempt)) return;
      if (waiting.has(attempt) || waiting.size >= MAX_WAITING)
        throw new DomainError("rate_limited", "one try at a time; the one before is not over", {
          retryAfter: ms / 1_000,
        });
      waiting.add(attempt);
      try {
        await sleep(ms);
      } finally {
        waiting.delete(attempt);
      }
    },
    noteWrong(email) {
      wrong.set(nameOf(email), (wrong.get(nameOf(email)) ?? 0) + 1);
    },
    noteRight(email, address) {
      known.set(nameOf(email, address), true);
    },
  };
};

const delayAfter = (failures: number): number =>
  failures < MAX_FREE ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (failures - MAX_FREE), MAX_DELAY_MS);

/** Of any length, in the same few bytes; whether there is such an account is not asked. */
const nameOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n").trim().toLowerCase()).digest("base64url");
