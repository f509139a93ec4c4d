import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Rest } from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** Reads what is there once the outbox is empty; a test's own timeout ends it when it never is. */
export const readRest = async (databaseUrl: string): Promise<Rest> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const query = async (sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;
  try {
    while (await isWaiting(query)) await sleep(50);
    const [events, tasks, heads, outbox] = [
      await query("SELECT sequence, data FROM events ORDER BY user_id, sequence"),
      await query("SELECT id, user_id, title, version, completed FROM tasks"),
      await query("SELECT user_id, sequence FROM event_heads"),
      await query("SELECT count(*) AS waiting FROM outbox"),
    ];
    return {
      events: events.map(({ sequence, data }) => ({ ...(data as TaskEvent), sequence: Number(sequence) })),
      tasks: tasks as unknown as Rest["tasks"],
      heads: new Map(heads.map(({ user_id, sequence }) => [String(user_id), Number(sequence)])),
      outbox: Number(outbox[0]?.["waiting"]),
    };
  } finally {
    await client.end();
  }
};

const isWaiting = async (query: (sql: string) => Promise<Row[]>): Promise<boolean> => (await query("SELECT FROM outbox LIMIT 1")).length > 0;
