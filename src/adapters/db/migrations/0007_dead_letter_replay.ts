import { type Kysely, sql } from "kysely";

/** Someone asked that the consumer be given a dead letter again. */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE dead_letters ADD COLUMN replay_requested_at timestamptz`.execute(db);
  await sql`CREATE INDEX dead_letters_awaiting_replay ON dead_letters (consumer) WHERE replay_requested_at IS NOT NULL`.execute(
    db,
  );
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE dead_letters DROP COLUMN replay_requested_at`.execute(db);
};
