import { LRUCache } from "lru-cache";
import type { Database } from "../../../adapters/db/database.ts";
import { newContentKey } from "./sealed-content.ts";

/** The keys of users' words in archives. Archives have their rows by user, so few are asked for at a time. */
export interface ContentKeys {
  /** A user's key, made when there is none; undefined for one who was erased. */
  make(userId: string): Promise<Buffer | undefined>;
  /** Undefined when it was destroyed, or never made. */
  find(userId: string): Promise<Buffer | undefined>;
}

const MOST_CACHED = 1_000;

const makeStatement = `
INSERT INTO audit_content_keys SELECT $1::uuid, $2::bytea WHERE NOT EXISTS (SELECT FROM audit_erasures WHERE user_id = $1) ON CONFLICT DO NOTHING`;

/** Good for one run over archives: a key that is destroyed meanwhile is known for as long as that. */
export const createContentKeys = (database: Pick<Database, "prepared">): ContentKeys => {
  const known = new LRUCache<string, { readonly key: Buffer | undefined }>({ max: MOST_CACHED });

  const find = async (userId: string): Promise<Buffer | undefined> => {
    const cached = known.get(userId);
    if (cached !== undefined) return cached.key;
    const [row] = await database.prepared<{ key: Buffer }>(
      "audit-content-key",
      "SELECT key FROM audit_content_keys WHERE user_id = $1",
      [userId],
    );
    known.set(userId, { key: row?.key });
    return row?.key;
  };

  return {
    find,
    async make(userId) {
      const key = await find(userId);
      if (key !== undefined) return key;
      await database.prepared("audit-make-content-key", makeStatement, [userId, newContentKey()]);
      known.delete(userId);
      return find(userId);
    },
  };
};
