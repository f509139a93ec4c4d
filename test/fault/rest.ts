import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { TaskEvent } from "../../src/contract/event.ts";
import type { Rest } from "./ledger.ts";

type Row = Readonly<Record<string, unknown>>;

/** Reads what is there, as of one moment, once the outbox is empty; a test's own timeout ends it when it never is. */
export const readRest = async (databaseUrl: string): Promise<Rest> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const query = async (sql: string): Promise<Row[]> => (await client.query<Row>(sql)).rows;
  try {
    for (;;) {
      await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const rest = await readSnapshot(query);
      await query("COMMIT");
      if (rest.outbox === 0) return rest;
      await sleep(50);
    }
  } finally {
    await client.end();
  }
};

const readSnapshot = async (query: (sql: string) => Promise<Row[]>): Promise<Rest> => {
  const [outbox] = await query("SELECT count(*) AS waiting FROM outbox");
  const waiting = Number(outbox?.["waiting"]);
  if (waiting > 0) return { events: [], tasks: [], heads: new Map(), outbox: waiting };
  const [events, tasks, heads] = [
    await query("SELECT sequence, data FROM events ORDER BY user_id, sequence"),
    await query("SELECT id, user_id, title, version, completed FROM tasks"),
    await query("SELECT user_id, sequence FROM event_heads"),
  ];
  return {
    events: events.map(({ sequence, data }) => ({ ...(data as TaskEvent), sequence: Number(sequence) })),
    tasks: tasks as unknown as Rest["tasks"],
    heads: new Map(heads.map(({ user_id, sequence }) => [String(user_id), Number(sequence)])),
    outbox: waiting,
  };
};
