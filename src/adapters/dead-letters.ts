import { createHash } from "node:crypto";
import type { DeadLetter, DeadLetters } from "../ports.ts";
import type { Database, Schema } from "./db/database.ts";
import type { Selectable } from "kysely";

/**
 * Dead letters in a table of the database. `newId` gives time-ordered ids (UUIDv7), which are the order of the list.
 */
export const createDeadLetters = (database: Database, newId: () => string): DeadLetters => ({
  async add({ consumer, event, reason, attempts }) {
    await database.prepared(
      "dead-letter-add",
      `INSERT INTO dead_letters (id, consumer, event_id, event, reason, attempts) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (consumer, event_id) DO UPDATE
       SET reason = excluded.reason, attempts = excluded.attempts, failed_at = now(), replay_requested_at = NULL`,
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
    return rows.map(letterOf);
  },
  async requestReplay({ consumer, id }) {
    const { numUpdatedRows } = await database.kysely
      .updateTable("dead_letters")
      .set({ replay_requested_at: new Date() })
      .$if(consumer !== undefined, (query) => query.where("consumer", "=", consumer ?? ""))
      .$if(id !== undefined, (query) => query.where("id", "=", id ?? ""))
      .executeTakeFirst();
    return Number(numUpdatedRows);
  },
  async awaitingReplay(consumers, limit) {
    const query = database.kysely.selectFrom("dead_letters").selectAll().where("replay_requested_at", "is not", null);
    return (await query.where("consumer", "in", consumers).orderBy("id").limit(limit).execute()).map(letterOf);
  },
  async remove(id) {
    await database.kysely.deleteFrom("dead_letters").where("id", "=", id).execute();
  },
});

const letterOf = ({
  event_id: _eventId,
  failed_at,
  replay_requested_at,
  ...row
}: Selectable<Schema["dead_letters"]>): DeadLetter => ({
  ...row,
  failed_at: failed_at.toISOString(),
  replay_requested_at: replay_requested_at?.toISOString() ?? null,
});

/** What was refused may have no id of its own: the same thing is the same letter. */
const eventIdOf = (event: unknown): string => {
  const id = typeof event === "object" && event !== null && "event_id" in event ? event.event_id : undefined;
  return typeof id === "string" && id.length <= 100
    ? id
    : createHash("sha256").update(JSON.stringify(event)).digest("hex");
};
