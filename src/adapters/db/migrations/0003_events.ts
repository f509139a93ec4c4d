import { type Kysely, sql } from "kysely";

/**
 * The event log, its outbox, and what makes a repeated request harmless. `events` has no foreign keys: the head row
 * that every write locks belongs to a user already, and a second check would cost a lock on `users` in each write. The
 * head carries the zone too, so that a write made under an older zone is refused by the statement itself.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE TABLE event_heads (
      user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
      sequence bigint NOT NULL DEFAULT 0,
      time_zone text NOT NULL DEFAULT 'UTC'
    ) WITH (fillfactor = 50)`.execute(db);
  await sql`INSERT INTO event_heads (user_id, time_zone) SELECT id, time_zone FROM users`.execute(db);
  await sql`
    CREATE TABLE events (
      user_id uuid NOT NULL,
      sequence bigint NOT NULL,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      task_id uuid NOT NULL,
      task_version integer NOT NULL,
      created_at timestamptz NOT NULL,
      data json NOT NULL,
      PRIMARY KEY (user_id, sequence)
    )`.execute(db);
  await sql`
    CREATE TABLE outbox (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      producer text NOT NULL,
      user_id uuid NOT NULL,
      sequence bigint NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
  await sql`
    CREATE TABLE idempotency_keys (
      user_id uuid NOT NULL,
      key text NOT NULL,
      request_hash text NOT NULL,
      status smallint NOT NULL,
      answer json NOT NULL,
      first_sequence bigint,
      last_sequence bigint,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, key)
    )`.execute(db);
  await sql`CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at)`.execute(db);
  await sql`
    CREATE TABLE dead_letters (
      id uuid PRIMARY KEY,
      consumer text NOT NULL,
      event_id text NOT NULL,
      event json NOT NULL,
      reason text NOT NULL,
      attempts integer NOT NULL,
      failed_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (consumer, event_id)
    )`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP TABLE dead_letters, idempotency_keys, outbox, events, event_heads`.execute(db);
};
