import { type Kysely, sql } from "kysely";

/** Time travel (docs/adr/0025) and erasure (docs/adr/0026). */
export const up = async (db: Kysely<never>): Promise<void> => {
  await makeIndexes(db);
  await makeTables(db);
  await makeErasure(db);
};

/**
 * What a task was at any moment: its newest change until then. The index has the instant too, so that one pass over it
 * finds that change for every task of a user. A reminder that was given changes no task.
 */
const makeIndexes = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE INDEX events_task ON events (user_id, task_id, sequence) INCLUDE (created_at) WHERE event_type <> 'task.reminder.triggered'`.execute(
    db,
  );
  await sql`CREATE INDEX task_events_erased ON task_events (user_id, sequence) WHERE salt IS NULL`.execute(db);
};

/**
 * Who asked that a closed account be erased, what was erased, and the keys of what archives say. A key that is gone
 * erases it there.
 */
const makeTables = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE TABLE account_erasures (
      user_id uuid PRIMARY KEY,
      requested_at timestamptz NOT NULL,
      actor_kind text NOT NULL,
      actor_id text NOT NULL,
      correlation_id text NOT NULL,
      last_sequence bigint NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE audit_erasures (
      user_id uuid PRIMARY KEY,
      erased_at timestamptz NOT NULL,
      rows bigint NOT NULL,
      signature bytea NOT NULL
    )`.execute(db);
  await sql`CREATE TABLE audit_content_keys (user_id uuid PRIMARY KEY, key bytea NOT NULL)`.execute(db);
  for (const table of ["account_erasures", "audit_erasures"]) {
    const name = sql.table(table);
    await sql`CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ${name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(
      db,
    );
    await sql`REVOKE UPDATE, DELETE, TRUNCATE ON ${name} FROM PUBLIC, CURRENT_USER`.execute(db);
  }
};

/**
 * The one change that rows of the history bear: their words go and leave their digest, once it is recorded who asked
 * for it. Nobody has the privilege to do it, not even the owner: the function takes it for its own transaction and
 * gives it back before that is committed.
 */
const makeErasure = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE FUNCTION content_digest(salt bytea, changes json, title text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
      SELECT sha256(salt || convert_to('{"changes":' || changes::text || ',"title":' || to_json(title)::text || '}', 'UTF8'))
    $$`.execute(db);
  await sql`
    CREATE FUNCTION refuse_all_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE erased task_events := old;
    BEGIN
      erased.task_title := NULL;
      erased.changes := NULL;
      erased.salt := NULL;
      erased.content_digest := content_digest(old.salt, old.changes, old.task_title);
      IF old.salt IS NULL OR to_jsonb(new) <> to_jsonb(erased) OR NOT EXISTS (SELECT FROM account_erasures a WHERE a.user_id = old.user_id) THEN
        RAISE EXCEPTION 'the history cannot be changed: % on % is refused', tg_op, tg_table_name USING ERRCODE = 'insufficient_privilege';
      END IF;
      RETURN new;
    END $$`.execute(db);
  await sql`DROP TRIGGER refuse_change ON task_events`.execute(db);
  await sql`CREATE TRIGGER refuse_change BEFORE DELETE OR TRUNCATE ON task_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(
    db,
  );
  await sql`CREATE TRIGGER refuse_all_but_erasure BEFORE UPDATE ON task_events FOR EACH ROW EXECUTE FUNCTION refuse_all_but_erasure()`.execute(
    db,
  );
  await sql`
    CREATE FUNCTION erase_history(erased uuid) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DECLARE count bigint;
    BEGIN
      -- Two at once would both change the table's privileges.
      PERFORM pg_advisory_xact_lock(hashtextextended('taskflow audit erasure', 0));
      IF NOT EXISTS (SELECT FROM account_erasures WHERE user_id = erased) THEN
        RAISE EXCEPTION 'nobody asked that % be erased', erased USING ERRCODE = 'insufficient_privilege';
      END IF;
      GRANT UPDATE (task_title, changes, salt, content_digest) ON task_events TO CURRENT_USER;
      UPDATE task_events SET task_title = NULL, changes = NULL, salt = NULL, content_digest = content_digest(salt, changes, task_title)
        WHERE user_id = erased AND salt IS NOT NULL;
      GET DIAGNOSTICS count = ROW_COUNT;
      REVOKE UPDATE (task_title, changes, salt, content_digest) ON task_events FROM CURRENT_USER;
      DELETE FROM audit_content_keys WHERE user_id = erased;
      RETURN count;
    END $$`.execute(db);
  await sql`REVOKE EXECUTE ON FUNCTION erase_history FROM PUBLIC`.execute(db);
};

/** What was erased stays erased. */
export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP FUNCTION erase_history`.execute(db);
  await sql`DROP TRIGGER refuse_all_but_erasure ON task_events`.execute(db);
  await sql`DROP TRIGGER refuse_change ON task_events`.execute(db);
  await sql`CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON task_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(
    db,
  );
  await sql`DROP FUNCTION refuse_all_but_erasure, content_digest`.execute(db);
  await sql`DROP TABLE audit_content_keys, audit_erasures, account_erasures`.execute(db);
  await sql`DROP INDEX task_events_erased, events_task`.execute(db);
};
