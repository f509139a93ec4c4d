import { type Database } from "../../adapters/db/database.ts";
import type { LineStore } from "../../ports.ts";

/** A signed head as it stands in the file: one line of JSON. */
export interface ExportedHead {
  readonly user_id: string;
  readonly sequence: number;
  /** Hex, as is the signature. */
  readonly hash: string;
  readonly signature: string;
}

/**
 * The signed ends of all chains, kept outside of the database: who takes rows from the end of a chain cannot take them
 * from here.
 */
export interface HeadExport {
  /**
   * Writes what has moved since the last time. The first time it looks back over what a process before this one may
   * have left out.
   */
  run(): Promise<void>;
}

export const headsFile = "heads.ndjson";

/** A file is made anew when it is this large, and twice what it was when it was made anew last. */
const COMPACT_AT_BYTES = 64 * 1024 * 1024;
const PAGE = 5_000;
/** What was committed while the last page was read may be older than its newest. */
const OVERLAP_SECONDS = 60;

interface HeadRow {
  readonly user_id: string;
  readonly sequence: number;
  readonly hash: Buffer;
  readonly signature: Buffer;
  readonly moved_at: Date;
}

const pageStatement = `
SELECT user_id, sequence, hash, signature, moved_at FROM audit_heads WHERE moved_at >= $1 AND user_id > $2 ORDER BY user_id LIMIT $3`;

export const createHeadExport = ({ database, store }: { database: Database; store: LineStore }): HeadExport => {
  /** What this process has written of users that moved lately, so that the overlap writes nothing twice. */
  let written = new Map<string, number>();
  let since = new Date(0);
  let compactAt = COMPACT_AT_BYTES;

  const compact = async (): Promise<void> => {
    const newest = await readExportedHeads(store);
    const { bytes } = await store.write(
      headsFile,
      [...newest.values()].map((head) => JSON.stringify(head)),
    );
    compactAt = Math.max(COMPACT_AT_BYTES, bytes * 2);
  };

  return {
    async run() {
      const moved = new Map<string, number>();
      let newest = since.getTime();
      for (let after = "00000000-0000-0000-0000-000000000000"; ;) {
        const rows = await database.prepared<HeadRow & Record<string, unknown>>("audit-moved-heads", pageStatement, [
          since,
          after,
          PAGE,
        ]);
        const news = rows.filter(({ user_id, sequence }) => written.get(user_id) !== sequence);
        if (news.length > 0 && (await store.append(headsFile, news.map(lineOf))) > compactAt) await compact();
        for (const row of rows) {
          moved.set(row.user_id, row.sequence);
          newest = Math.max(newest, row.moved_at.getTime());
        }
        if (rows.length < PAGE) break;
        after = rows.at(-1)?.user_id ?? after;
      }
      since = new Date(Math.max(0, newest - OVERLAP_SECONDS * 1_000));
      written = moved;
    },
  };
};

const lineOf = ({ user_id, sequence, hash, signature }: HeadRow): string =>
  JSON.stringify({
    user_id,
    sequence,
    hash: hash.toString("hex"),
    signature: signature.toString("hex"),
  } satisfies ExportedHead);

/** The farthest head of each user that was ever exported. A line that a crash cut short is passed over. */
export const readExportedHeads = async (
  store: LineStore,
  userId?: string,
): Promise<ReadonlyMap<string, ExportedHead>> => {
  const farthest = new Map<string, ExportedHead>();
  for await (const line of store.read(headsFile)) {
    const head = parseLine(line);
    if (head === undefined || (userId !== undefined && head.user_id !== userId)) continue;
    if (head.sequence > (farthest.get(head.user_id)?.sequence ?? 0)) farthest.set(head.user_id, head);
  }
  return farthest;
};

const parseLine = (line: string): ExportedHead | undefined => {
  try {
    return JSON.parse(line) as ExportedHead;
  } catch {
    return undefined;
  }
};
