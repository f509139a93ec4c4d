import type { TaskFlowEvent } from "../contract/event.ts";
import type { DeadLetters } from "../ports.ts";
import type { Database } from "./db/database.ts";

/** Dead letters in a table of the database. `newId` gives time-ordered ids (UUIDv7), which are the order of the list. */
export const createDeadLetters = (database: Database, newId: () => string): DeadLetters => ({
  async add({ consumer, event, reason, attempts }) {
    await database.prepared(
      "dead-letter-add",
      `INSERT INTO dead_letters (id, consumer, event_id, event, reason, attempts) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (consumer, event_id) DO UPDATE SET reason = excluded.reason, attempts = excluded.attempts, failed_at = now()`,
      [newId(), consumer, eventIdOf(event), JSON.stringify(event), reason, attempts],
    );
  },
  async list({ consumer, after, limit }) {
    const rows = await database.kysely
      .selectFrom("dead_letters")
      .selectAll()
      .$if(consumer !== undefined, (query) => query.where("consumer", "=", consumer ?? ""))
      .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map(({ event_id: _eventId, event, failed_at, ...row }) => ({ ...row, event: event as TaskFlowEvent, failed_at: failed_at.toISOString() }));
  },
  async remove(id) {
    await database.kysely.deleteFrom("dead_letters").where("id", "=", id).execute();
  },
});

const eventIdOf = (event: unknown): string => {
  const id = typeof event === "object" && event !== null && "event_id" in event ? event.event_id : undefined;
  return typeof id === "string" ? id : JSON.stringify(event).slice(0, 200);
};
