import { type Kysely, sql } from "kysely";

/**
 * The audit logger makes the partitions of the history and drops those that are archived, also when its role owns
 * nothing (docs/adr/0054): two functions with the owner's rights and rules of their own. Temporary tables come last in
 * their search path, or a caller's own `account_erasures` would be asked instead of ours.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { rows } = await sql<{ name: string }>`SELECT current_schema() AS name`.execute(db);
  const path = sql`${sql.id(rows[0]?.name ?? "public")}, pg_temp`;
  await sql`
    CREATE OR REPLACE FUNCTION make_history_partition(of_month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${path} AS $$
    DECLARE
      first date := date_trunc('month', of_month);
      partition text := to_char(first, '"task_events_"YYYY_MM');
      granted record;
    BEGIN
      -- Two that make a partition at once take turns.
      PERFORM pg_advisory_xact_lock(hashtextextended('taskflow audit partitions', 0));
      IF to_regclass(partition) IS NOT NULL THEN
        RETURN;
      END IF;
      EXECUTE format('CREATE TABLE %I PARTITION OF task_events FOR VALUES FROM (%L) TO (%L)', partition,
        first || 'T00:00:00Z', (first + interval '1 month')::date || 'T00:00:00Z');
      EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', partition);
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, CURRENT_USER', partition);
      -- Whoever reads the table reads its months one by one too, and gives back the room of what was erased.
      FOR granted IN
        SELECT a.grantee::regrole AS role, a.privilege_type AS privilege
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.oid = 'task_events'::regclass AND a.grantee NOT IN (0, c.relowner) AND a.privilege_type IN ('SELECT', 'MAINTAIN')
      LOOP
        EXECUTE format('GRANT %s ON %I TO %s', granted.privilege, partition, granted.role);
      END LOOP;
    END $$`.execute(db);
  await sql`
    CREATE OR REPLACE FUNCTION drop_history_partition(of_month date, archived_rows bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${path} AS $$
    DECLARE
      first date := date_trunc('month', of_month);
      partition text := to_char(first, '"task_events_"YYYY_MM');
      found bigint;
    BEGIN
      EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', partition);
      EXECUTE format('SELECT count(*) FROM %I', partition) INTO found;
      IF found <> archived_rows THEN
        RAISE EXCEPTION '% has got new rows; it is archived again', partition;
      END IF;
      IF found > 0 AND NOT EXISTS (SELECT FROM audit_archives a WHERE a.month = first AND a.rows = found) THEN
        RAISE EXCEPTION '% is in no archive', partition USING ERRCODE = 'insufficient_privilege';
      END IF;
      EXECUTE format('DROP TABLE %I', partition);
    END $$`.execute(db);
  // Not there yet when a backup of an older release is being restored.
  await sql`
    DO $$ BEGIN
      IF to_regprocedure('erase_history(uuid)') IS NOT NULL THEN
        ALTER FUNCTION erase_history(uuid) SET search_path = ${path};
      END IF;
    END $$`.execute(db);
  for (const name of ["make_history_partition(date)", "drop_history_partition(date, bigint)"])
    await sql`REVOKE EXECUTE ON FUNCTION ${sql.raw(name)} FROM PUBLIC`.execute(db);
};

/** The release before makes and drops partitions itself, as their owner. */
export const down = async (db: Kysely<never>): Promise<void> => {
  await sql`DROP FUNCTION drop_history_partition, make_history_partition`.execute(db);
};
