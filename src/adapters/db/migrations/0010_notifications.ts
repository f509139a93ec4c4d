import { type Kysely, sql } from "kysely";

/**
 * What people are told, what they want to be told, and the durable queue of tellings. A closed account has no head, and
 * so nothing of this.
 *
 * `claim_at` is when a worker may take a pending delivery: later than `due_at` while one has it or waits to try again,
 * null while it waits for its digest. `stream_notices` is what every replica puts on its open streams, in the order of
 * `position`.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE TABLE notification_preferences (
      user_id uuid PRIMARY KEY REFERENCES event_heads (user_id) ON DELETE CASCADE,
      quiet_start text,
      quiet_end text,
      critical_only boolean NOT NULL DEFAULT false,
      choices jsonb NOT NULL DEFAULT '{}',
      time_zone text,
      zone_sequence bigint NOT NULL DEFAULT 0
    )`.execute(db);
  await sql`
    CREATE TABLE notifications (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES event_heads (user_id) ON DELETE CASCADE,
      type text NOT NULL,
      title text NOT NULL,
      body text,
      task_id uuid,
      event_id uuid,
      sequence bigint,
      reminder_id uuid,
      critical boolean NOT NULL,
      count integer NOT NULL DEFAULT 1,
      occurred_at timestamptz NOT NULL,
      in_inbox boolean NOT NULL,
      read_at timestamptz,
      created_at timestamptz NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX notifications_user ON notifications (user_id, created_at, id)`.execute(db);
  await sql`CREATE INDEX notifications_unread ON notifications (user_id) WHERE in_inbox AND read_at IS NULL`.execute(
    db,
  );
  await sql`CREATE INDEX notifications_age ON notifications USING brin (created_at)`.execute(db);
  await sql`
    CREATE TABLE notification_deliveries (
      id uuid PRIMARY KEY,
      notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
      event_id uuid,
      user_id uuid NOT NULL,
      channel text NOT NULL,
      status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed', 'suppressed')),
      reason text,
      attempts integer NOT NULL DEFAULT 0,
      reached integer NOT NULL DEFAULT 0,
      due_at timestamptz NOT NULL,
      claim_at timestamptz,
      digest_id uuid,
      created_at timestamptz NOT NULL,
      finished_at timestamptz
    )`.execute(db);
  await sql`CREATE INDEX notification_deliveries_due ON notification_deliveries (channel, claim_at) WHERE status = 'pending' AND claim_at IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX notification_deliveries_digest ON notification_deliveries (digest_id) WHERE status = 'pending' AND digest_id IS NOT NULL`.execute(
    db,
  );
  await sql`CREATE INDEX notification_deliveries_user ON notification_deliveries (user_id, created_at, id)`.execute(db);
  await sql`CREATE INDEX notification_deliveries_notification ON notification_deliveries (notification_id)`.execute(db);
  await sql`CREATE INDEX notification_deliveries_event ON notification_deliveries (event_id) WHERE event_id IS NOT NULL`.execute(
    db,
  );
  await sql`
    CREATE TABLE stream_notices (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      user_id uuid NOT NULL REFERENCES event_heads (user_id) ON DELETE CASCADE,
      delivery_id uuid UNIQUE,
      origin uuid NOT NULL,
      notification text,
      made_at timestamptz,
      created_at timestamptz NOT NULL DEFAULT now()
    )`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP TABLE stream_notices, notification_deliveries, notifications, notification_preferences`.execute(db);
};
