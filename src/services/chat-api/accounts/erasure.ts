import { type Database, sql } from "../../../adapters/db/database.ts";

/**
 * Deletes the events of closed accounts, and what was refused of them. The history has erased its own words by then,
 * for which it needed all of them, and the relay has published them.
 */
export const forgetErased = async (database: Database): Promise<void> => {
  const { kysely } = database;
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM events e USING audit_erasures x WHERE e.user_id = x.user_id AND NOT EXISTS (SELECT FROM outbox o WHERE o.user_id = x.user_id)`.execute(
    kysely,
  );
  await sql`DELETE FROM dead_letters d USING audit_erasures x WHERE d.event->>'user_id' = x.user_id::text`.execute(
    kysely,
  );
  if (numAffectedRows > 0n) await giveBackRoom(database);
};

const HOUR_MS = 3_600_000;

/** In a large log these rows are too few for PostgreSQL to do it by itself. */
const giveBackRoom = async (database: Database): Promise<void> => {
  const client = await database.connect();
  try {
    await client.query({ text: "VACUUM events", query_timeout: HOUR_MS } as { text: string });
  } finally {
    await client.end();
  }
};
