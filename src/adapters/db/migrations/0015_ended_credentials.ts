import { type Kysely, sql } from "kysely";

/**
 * What no longer lets anyone in (docs/adr/0051): sessions and API tokens that ended, and users who were disabled. Every
 * process reads it, because an access token is good without a look at the database. Triggers write it, so that it holds
 * whoever ends something: a route, a command, or an operator by SQL.
 *
 * `signed_in_at` is when a session began with a password; an API token dies with the session or the token that made it,
 * when it names one; a stream ticket opens streams for the session or token that asked for it.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  await sql`ALTER TABLE refresh_tokens ADD COLUMN signed_in_at timestamptz`.execute(db);
  await sql`
    ALTER TABLE api_tokens
      ADD COLUMN session_id uuid,
      ADD COLUMN parent_id uuid REFERENCES api_tokens (id) ON DELETE CASCADE`.execute(db);
  await sql`CREATE INDEX api_tokens_session ON api_tokens (session_id) WHERE session_id IS NOT NULL`.execute(db);
  await sql`CREATE INDEX api_tokens_parent ON api_tokens (parent_id) WHERE parent_id IS NOT NULL`.execute(db);
  await sql`ALTER TABLE stream_tickets ADD COLUMN credential_id uuid`.execute(db);
  await sql`
    CREATE TABLE ended_credentials (
      position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      kind text NOT NULL CHECK (kind IN ('session', 'token', 'user')),
      id uuid NOT NULL,
      user_id uuid NOT NULL,
      ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`.execute(db);
  await sql`CREATE INDEX ended_credentials_age ON ended_credentials (ended_at)`.execute(db);
  await endOfSessions(db);
  await endOfTokens(db);
  await endOfUsers(db);
};

/** A session has ended when the last of its refresh tokens is gone. */
const endOfSessions = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ended_credentials (kind, id, user_id)
      SELECT DISTINCT 'session', g.family_id, g.user_id FROM gone g
      WHERE NOT EXISTS (SELECT FROM refresh_tokens t WHERE t.family_id = g.family_id);
      IF FOUND THEN
        DELETE FROM api_tokens a USING gone g
        WHERE a.session_id = g.family_id AND NOT EXISTS (SELECT FROM refresh_tokens t WHERE t.family_id = g.family_id);
        PERFORM pg_notify('taskflow_ended_credentials', '');
      END IF;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER end_sessions AFTER DELETE ON refresh_tokens REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION end_sessions()`.execute(db);
};

const endOfTokens = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE FUNCTION end_api_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ended_credentials (kind, id, user_id) SELECT 'token', id, user_id FROM gone;
      IF FOUND THEN
        PERFORM pg_notify('taskflow_ended_credentials', '');
      END IF;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER end_api_tokens AFTER DELETE ON api_tokens REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION end_api_tokens()`.execute(db);
};

/** API tokens of a disabled user stay, and work again when the user is enabled; sessions begin anew. */
const endOfUsers = async (db: Kysely<never>): Promise<void> => {
  await sql`
    CREATE FUNCTION end_user() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO ended_credentials (kind, id, user_id) VALUES ('user', new.id, new.id);
      DELETE FROM stream_tickets WHERE user_id = new.id;
      -- A rotation that commits meanwhile leaves a token that the DELETE could not see: again, until there is none.
      LOOP
        DELETE FROM refresh_tokens WHERE user_id = new.id;
        EXIT WHEN NOT FOUND;
      END LOOP;
      PERFORM pg_notify('taskflow_ended_credentials', '');
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER end_user AFTER UPDATE OF disabled_at ON users FOR EACH ROW
    WHEN (old.disabled_at IS NULL AND new.disabled_at IS NOT NULL) EXECUTE FUNCTION end_user()`.execute(db);
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP TRIGGER end_user ON users`.execute(db);
  await sql`DROP TRIGGER end_api_tokens ON api_tokens`.execute(db);
  await sql`DROP TRIGGER end_sessions ON refresh_tokens`.execute(db);
  await sql`DROP FUNCTION end_user, end_api_tokens, end_sessions`.execute(db);
  await sql`DROP TABLE ended_credentials`.execute(db);
  await sql`ALTER TABLE stream_tickets DROP COLUMN credential_id`.execute(db);
  await sql`ALTER TABLE api_tokens DROP COLUMN parent_id, DROP COLUMN session_id`.execute(db);
  await sql`ALTER TABLE refresh_tokens DROP COLUMN signed_in_at`.execute(db);
};
