import { type Database, sql } from "../../../adapters/db/database.ts";

/**
 * Deletes the events of closed accounts, and what was refused of them. The history has erased its own words by then, for which it needed
 * all of them, and the relay has published them.
 */
export const forgetErased = async ({ kysely }: Database): Promise<void> => {
  await sql`
    DELETE FROM events e USING audit_erasures x WHERE e.user_id = x.user_id AND NOT EXISTS (SELECT FROM outbox o WHERE o.user_id = x.user_id)`.execute(kysely);
  await sql`DELETE FROM dead_letters d USING audit_erasures x WHERE d.event->>'user_id' = x.user_id::text`.execute(kysely);
};
