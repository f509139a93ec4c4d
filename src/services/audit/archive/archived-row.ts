import { canonicalJson } from "../../../domain/audit/canonical-json.ts";
import type { Changes } from "../../../contract/event.ts";
import { digestOf } from "../chain.ts";
import { contentOf, type Entry, metadataOf } from "../entry.ts";

/** A row of the history as the table and an archive hold it. Its words are null when they were erased. */
export interface StoredRow extends Omit<Entry, "task_title" | "changes"> {
  readonly task_title: string | null;
  readonly changes: Changes | null;
  readonly salt: Buffer | null;
  readonly content_digest: Buffer | null;
  readonly hash: Buffer;
}

/** The digest of the row's words: made of them, or what they have left. */
export const digestOfRow = ({ salt, task_title, changes, content_digest }: StoredRow): Buffer => {
  if (salt !== null && task_title !== null && changes !== null) return digestOf(salt, contentOf({ task_title, changes }));
  if (content_digest === null) throw new Error("a row without words has their digest");
  return content_digest;
};

export const metadataOfRow = (row: StoredRow): string => metadataOf(row, digestOfRow(row).toString("hex"));

/** A row as a line of an archive (canonical JSON). */
export const lineOfRow = ({ salt, content_digest, hash, ...row }: StoredRow): string =>
  canonicalJson({ ...row, salt: hex(salt), content_digest: hex(content_digest), hash: hex(hash) });

export const rowOfLine = (line: string): StoredRow => {
  const { salt, content_digest, hash, ...row } = JSON.parse(line) as Omit<StoredRow, "salt" | "content_digest" | "hash"> & Record<"salt" | "content_digest", string | null> & { hash: string };
  return { ...row, salt: bytes(salt), content_digest: bytes(content_digest), hash: Buffer.from(hash, "hex") };
};

const hex = (value: Buffer | null): string | null => value?.toString("hex") ?? null;
const bytes = (value: string | null): Buffer | null => (value === null ? null : Buffer.from(value, "hex"));
