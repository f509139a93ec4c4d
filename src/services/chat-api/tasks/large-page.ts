import type { Database } from "../../../adapters/db/database.ts";
import type { SyncQuery } from "../../../contract/task.ts";
import type { LongWork } from "../../../ports.ts";
import { listTasks } from "./task-list.ts";

/** What is read and made into text in one piece. */
const CHUNK = 100;
/** A page ends with the chunk that reaches it, so that it takes bounded memory however long descriptions are. */
const PAGE_BYTES = 1024 * 1024;
const DEFAULT_LIMIT = 1_000;

export interface LargePageInput {
  readonly userId: string;
  readonly now: number;
  readonly query: SyncQuery;
  readonly work: LongWork;
}

/**
 * A large page of a list as the text of a `TaskList`, for a device that knows nothing yet. It has up to `limit` tasks,
 * and fewer when they are long; `next_cursor` says whether more follow.
 */
export const readLargePage = async (database: Database, input: LargePageInput): Promise<string> => {
  const { userId, now, work } = input;
  const { limit = DEFAULT_LIMIT, ...query } = input.query;
  const texts: string[] = [];
  let [left, bytes, total] = [limit, 0, 0];
  let cursor: string | null | undefined = query.cursor;
  do {
    const asked = { ...query, limit: Math.min(CHUNK, left), ...(cursor === undefined ? {} : { cursor }) };
    const page = await listTasks(database, { userId, zone: "UTC", now, query: asked });
    work.resume();
    for (const task of page.tasks) {
      const text = JSON.stringify(task);
      texts.push(text);
      bytes += text.length;
    }
    await work.giveWay();
    left -= page.tasks.length;
    total = page.total;
    cursor = page.next_cursor;
  } while (cursor !== null && left > 0 && bytes < PAGE_BYTES);
  return `{"tasks":[${texts.join(",")}],"total":${total},"next_cursor":${JSON.stringify(cursor)}}`;
};
