import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const newContentKey = (): Buffer => randomBytes(32);

/** A row's hash is like no other one's, so a part of it is a nonce that no other text has under the same key. */
const nonceOf = (hash: Buffer): Buffer => hash.subarray(0, NONCE_BYTES);

/** A row's words encrypted with its user's key (AES-256-GCM), as base64. */
export const sealContent = (key: Buffer, hash: Buffer, words: string): string => {
  const cipher = createCipheriv(CIPHER, key, nonceOf(hash));
  return Buffer.concat([cipher.update(words, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
};

/** @throws when the words were not sealed with this key for the row of this hash */
export const openContent = (key: Buffer, hash: Buffer, sealed: string): string => {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv(CIPHER, key, nonceOf(hash), { authTagLength: TAG_BYTES }).setAuthTag(
    bytes.subarray(-TAG_BYTES),
  );
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
};
