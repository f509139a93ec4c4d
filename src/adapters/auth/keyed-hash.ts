import { createHmac, hkdfSync } from "node:crypto";
import type { KeyedHash } from "../../ports.ts";

const KEY_BYTES = 32;

/** HMAC-SHA-256, with a key for each purpose that is derived from one secret (HKDF, RFC 5869). */
export const createKeyedHash = (secret: string): KeyedHash => {
  const keys = new Map<string, Buffer>();

  const keyOf = (purpose: string): Buffer => {
    const known = keys.get(purpose);
    if (known !== undefined) return known;
    const key = Buffer.from(hkdfSync("sha256", secret, "", `taskflow ${purpose}`, KEY_BYTES));
    keys.set(purpose, key);
    return key;
  };

  return { hash: (purpose, text) => createHmac("sha256", keyOf(purpose)).update(text).digest() };
};
