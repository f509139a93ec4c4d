import { type Kysely, sql } from "kysely";

/**
 * The history that cannot be changed (docs/adr/0015, 0016). Its rows are refused UPDATE, DELETE and TRUNCATE twice:
 * nobody has the privilege, not even the owner, and a trigger on the table and on each partition refuses who has it all
 * the same (a superuser). What a row says about its task is `task_title` and `changes`; an erasure takes them away and
 * leaves their digest, which is what the chain is made of.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE TABLE task_events (
      user_id uuid NOT NULL,
      sequence bigint NOT NULL,
      occurred_at timestamptz NOT NULL,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      task_id uuid NOT NULL,
      task_version integer NOT NULL,
      actor_kind text NOT NULL,
      actor_id text NOT NULL,
      correlation_id text NOT NULL,
      task_title text,
      changes json,
      salt bytea,
      content_digest bytea,
      hash bytea NOT NULL,
      PRIMARY KEY (user_id, sequence, occurred_at),
      CHECK (num_nulls(task_title, changes, salt) IN (0, 3) AND (salt IS NULL) = (content_digest IS NOT NULL))
    ) PARTITION BY RANGE (occurred_at)`.execute(db);
  await sql`CREATE UNIQUE INDEX task_events_event ON task_events (occurred_at, event_id)`.execute(db);
  await sql`CREATE INDEX task_events_task ON task_events (task_id, sequence)`.execute(db);
  await sql`CREATE INDEX task_events_user ON task_events (user_id, occurred_at, event_id)`.execute(db);
  await sql`
    CREATE TABLE audit_waiting (
      user_id uuid NOT NULL,
      sequence bigint NOT NULL,
      occurred_at timestamptz NOT NULL,
      event_id uuid NOT NULL,
      event_type text NOT NULL,
      task_id uuid NOT NULL,
      task_version integer NOT NULL,
      actor_kind text NOT NULL,
      actor_id text NOT NULL,
      correlation_id text NOT NULL,
      task_title text NOT NULL,
      changes json NOT NULL,
      arrived_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (user_id, sequence)
    )`.execute(db);
  await sql`CREATE INDEX audit_waiting_task ON audit_waiting (task_id, sequence)`.execute(db);
  await sql`
    CREATE VIEW audit_entries AS
      SELECT user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, hash FROM task_events
      UNION ALL
      SELECT user_id, sequence, occurred_at, event_id, event_type, task_id, task_version, actor_kind, actor_id, correlation_id, task_title, changes, NULL FROM audit_waiting`.execute(
    db,
  );
  await sql`
    CREATE TABLE audit_heads (
      user_id uuid PRIMARY KEY,
      sequence bigint NOT NULL,
      hash bytea NOT NULL,
      signature bytea NOT NULL,
      moved_at timestamptz NOT NULL DEFAULT now()
    ) WITH (fillfactor = 50)`.execute(db);
  await sql`
    CREATE TABLE audit_archives (
      name text PRIMARY KEY,
      month date NOT NULL,
      rows bigint NOT NULL,
      archived_at timestamptz NOT NULL DEFAULT now(),
      restored_until timestamptz
    )`.execute(db);
  await sql`
    CREATE TABLE audit_archived_runs (
      archive text NOT NULL REFERENCES audit_archives (name) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      first_sequence bigint NOT NULL,
      last_sequence bigint NOT NULL,
      previous_hash bytea NOT NULL,
      last_hash bytea NOT NULL,
      PRIMARY KEY (user_id, first_sequence)
    )`.execute(db);
  await sql`
    CREATE TABLE audit_reads (
      id uuid PRIMARY KEY,
      reader_kind text NOT NULL,
      reader_id text NOT NULL,
      user_id uuid,
      what text NOT NULL,
      read_at timestamptz NOT NULL,
      correlation_id text NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX audit_reads_user ON audit_reads (user_id, id)`.execute(db);
  await sql`
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the history cannot be changed: % on % is refused', tg_op, tg_table_name USING ERRCODE = 'insufficient_privilege';
    END $$`.execute(db);
  for (const table of ["task_events", "audit_reads"]) {
    const name = sql.table(table);
    await sql`CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ${name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(
      db,
    );
    await sql`REVOKE UPDATE, DELETE, TRUNCATE ON ${name} FROM PUBLIC, CURRENT_USER`.execute(db);
  }
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP VIEW audit_entries`.execute(db);
  await sql`DROP TABLE audit_reads, audit_archived_runs, audit_archives, audit_heads, audit_waiting, task_events`.execute(
    db,
  );
  await sql`DROP FUNCTION refuse_change`.execute(db);
};
