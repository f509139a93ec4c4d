import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";
import { contentOf, type Entry, metadataOf } from "./entry.ts";

/** Where a user's chain ends: the sequence of its last row and that row's hash. */
export interface Head {
  readonly sequence: number;
  readonly hash: Buffer;
}

/** An entry with its place in the chain. */
export interface ChainedEntry extends Entry {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** What stands before the first row of every chain. */
export const genesis: Head = { sequence: 0, hash: Buffer.alloc(32) };

const SALT_BYTES = 16;

const sha256 = (...parts: readonly (Buffer | string)[]): Buffer =>
  hash("sha256", Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part))), "buffer");

/** The digest of the user's words. Salted, so that what was erased cannot be guessed from it. */
export const digestOf = (salt: Buffer, content: string): Buffer => sha256(salt, content);

/** The hash of a row: of the hash before it and of what stays for ever (canonical JSON, UTF-8). */
export const linkOf = (previous: Buffer, metadata: string): Buffer => sha256(previous, metadata);

/** The entries as they follow the head, which they must do by their sequences. */
export const chain = (head: Head, entries: readonly Entry[]): readonly ChainedEntry[] => {
  const salts = randomBytes(SALT_BYTES * entries.length);
  let { sequence, hash: previous } = head;
  return entries.map((entry, index) => {
    if (entry.sequence !== sequence + 1) throw new Error(`sequence ${entry.sequence} does not follow ${sequence}`);
    const salt = salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
    previous = linkOf(previous, metadataOf(entry, digestOf(salt, contentOf(entry)).toString("hex")));
    sequence = entry.sequence;
    return { ...entry, salt, hash: previous };
  });
};

/** Signs heads with a key the database does not have: whoever rewrites a chain in it cannot sign where it ends. */
export interface HeadSigner {
  sign(userId: string, head: Head): Buffer;
  verify(userId: string, head: Head, signature: Buffer): boolean;
  /** The same for a text of another kind; `purpose` keeps one from being taken for the other. */
  signText(purpose: string, text: string): Buffer;
}

export const createHeadSigner = (key: string): HeadSigner => {
  const signText = (purpose: string, text: string): Buffer =>
    createHmac("sha256", key).update(`${purpose}\n`).update(text).digest();
  const sign = (userId: string, { sequence, hash }: Head): Buffer =>
    signText("taskflow audit head v1", `${userId} ${sequence} ${hash.toString("hex")}`);
  return {
    sign,
    verify: (userId, head, signature) => equal(sign(userId, head), signature),
    signText,
  };
};

export const equal = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
