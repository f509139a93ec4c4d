import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { apiTokenPrefix } from "../../contract/account.ts";
import { DomainError } from "../../contract/problem.ts";

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;
const MAX_KNOWN_TOKENS = 10_000;

/** Answers of 401 by address, a minute at a time. */
export interface RefusedTokens {
  count(address: string): void;
  /** Notes an API token that was good: it is looked at whatever others try from its address. */
  accept(token: string): void;
  /**
   * Refuses to look for a token, or a password, when too many of this address were wrong. Access tokens, which cost no
   * query, are always looked at.
   * @throws DomainError `rate_limited`
   */
  check(address: string, token?: string): void;
}

export const createRefusedTokens = (most: number): RefusedTokens => {
  const refused = new LRUCache<string, { count: number }>({ max: MAX_ADDRESSES, ttl: WINDOW_MS });
  const known = new LRUCache<string, true>({ max: MAX_KNOWN_TOKENS });
  return {
    count(address) {
      const entry = refused.get(address);
      if (entry === undefined) refused.set(address, { count: 1 });
      else entry.count += 1;
    },
    accept(token) {
      if (token.startsWith(apiTokenPrefix)) known.set(nameOf(token), true);
    },
    check(address, token) {
      if ((refused.get(address)?.count ?? 0) < most) return;
      if (token !== undefined && (!token.startsWith(apiTokenPrefix) || known.has(nameOf(token)))) return;
      const retryAfter = Math.max(refused.getRemainingTTL(address), 1_000) / 1_000;
      throw new DomainError("rate_limited", "too many tokens and passwords from this address were wrong", {
        retryAfter,
      });
    },
  };
};

/** A token is kept nowhere in clear. */
const nameOf = (token: string): string => createHash("sha256").update(token).digest("base64url");
