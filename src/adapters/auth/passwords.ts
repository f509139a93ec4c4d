import { hash, type Options, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { DomainError } from "../../contract/problem.ts";
import type { PasswordHasher } from "../../ports.ts";
import { createCommonPasswords } from "./common-passwords.ts";

/** Argon2id as the OWASP Password Storage Cheat Sheet recommends it: 19 MiB, 2 passes, 1 lane. */
export const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;

/** A hash with the same parameters of a password that nobody knows. */
export const unknownPassword =
  "$argon2id$v=19$m=19456,t=2,p=1$E/9napfEvg8mTVZfPxXWbw$nxZZL8J3ZjQY4jspYmg5C/qDtszm3LrtbiXBgFy2xcM";

/** Half of the four threads that Node has for files, name lookups and this: a burst of logins leaves the rest free. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 500;

/** Argon2id off the event loop, in bounded memory. Refuses with `unavailable` when too many wait. */
export const createPasswords = (): PasswordHasher => {
  const limit = pLimit(MOST_AT_ONCE);
  const common = createCommonPasswords();

  const queued = async <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount >= MOST_WAITING)
      throw new DomainError("unavailable", "too many people are signing in at once", { retryAfter: 5 });
    return limit(work);
  };

  return {
    hash: (password) => queued(() => hash(prepare(password), parameters)),
    async verify(stored, password) {
      const matches = await queued(() => verify(stored ?? unknownPassword, prepare(password)));
      return matches && stored !== undefined;
    },
    isCommon: common.has,
  };
};

/** One password is one byte string, however a keyboard composes its accents (RFC 8265 §4.2.2). */
const prepare = (password: string): string => password.normalize("NFC");
