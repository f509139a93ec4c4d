import { canonicalJson } from "../../../domain/audit/canonical-json.ts";
import type { Changes } from "../../../contract/event.ts";
import { digestOf } from "../chain.ts";
import { contentOf, type Entry, metadataOf } from "../entry.ts";
import type { ContentKeys } from "./content-keys.ts";
import { openContent, sealContent } from "./sealed-content.ts";

/** A row of the history as the table holds it. Its words are null when they were erased. */
export interface StoredRow extends Omit<Entry, "task_title" | "changes"> {
  readonly task_title: string | null;
  readonly changes: Changes | null;
  readonly salt: Buffer | null;
  readonly content_digest: Buffer | null;
  readonly hash: Buffer;
}

/**
 * A row as a line of an archive says it (JSON). The words are encrypted with their user's key; their digest needs none.
 */
interface ArchivedRow extends Omit<Entry, "task_title" | "changes"> {
  /** Hex, as is the hash. */
  readonly content_digest: string;
  readonly hash: string;
  /** Base64; null when they were erased before. */
  readonly content: string | null;
}

/** What is in `content`, as JSON. */
interface Words {
  readonly changes: Changes;
  readonly salt: string;
  readonly title: string;
}

/** The digest of the row's words: made of them, or what they have left. */
export const digestOfRow = ({ salt, task_title, changes, content_digest }: StoredRow): Buffer => {
  if (salt !== null && task_title !== null && changes !== null)
    return digestOf(salt, contentOf({ task_title, changes }));
  if (content_digest === null) throw new Error("a row without words has their digest");
  return content_digest;
};

export const metadataOfRow = (row: StoredRow): string => metadataOf(row, digestOfRow(row).toString("hex"));

export const hasWords = ({ salt }: Pick<StoredRow, "salt">): boolean => salt !== null;

/**
 * A row as a line of an archive (canonical JSON); the same row and key make the same line. `key` is needed for a row
 * with words.
 */
export const lineOfRow = (row: StoredRow, key: Buffer | undefined): string => {
  const { salt, task_title: title, changes, content_digest: _digest, hash, ...metadata } = row;
  const words = salt === null ? undefined : canonicalJson({ changes, salt: salt.toString("hex"), title });
  if (words !== undefined && key === undefined) throw new Error(`user ${row.user_id} was erased just now`);
  const content = words === undefined || key === undefined ? null : sealContent(key, hash, words);
  return canonicalJson({
    ...metadata,
    content,
    content_digest: digestOfRow(row).toString("hex"),
    hash: hash.toString("hex"),
  });
};

/**
 * The row of a line. Without its user's key it has no words any more. @throws when the words are not what the key
 * sealed
 */
export const rowOfLine = async (line: string, keys: Pick<ContentKeys, "find">): Promise<StoredRow> => {
  const { content, content_digest, hash, ...metadata } = JSON.parse(line) as ArchivedRow;
  const stored = { ...metadata, hash: Buffer.from(hash, "hex") };
  const key = content === null ? undefined : await keys.find(metadata.user_id);
  if (content === null || key === undefined)
    return {
      ...stored,
      task_title: null,
      changes: null,
      salt: null,
      content_digest: Buffer.from(content_digest, "hex"),
    };
  const { changes, salt, title } = JSON.parse(openContent(key, stored.hash, content)) as Words;
  return { ...stored, task_title: title, changes, salt: Buffer.from(salt, "hex"), content_digest: null };
};
