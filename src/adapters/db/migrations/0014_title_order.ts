import { type Kysely, sql } from "kysely";

/**
 * Titles in the order of people (docs/adr/0039): by the root collation of Unicode, which ICU has, with numbers by their
 * value. A server that was built without ICU, or keeps its texts in another encoding, orders lower-case characters by
 * their code points, as all servers did before. Uncompleted tasks come last in either order of completion.
 */
export const up = async (db: Kysely<never>): Promise<void> => {
  const { rows } = await sql`
    SELECT FROM pg_collation WHERE collprovider = 'i' AND getdatabaseencoding() = 'UTF8' LIMIT 1`.execute(db);
  await (
    rows.length > 0
      ? sql`CREATE COLLATION title_order (provider = icu, locale = 'und-u-kn-true')`
      : sql`CREATE COLLATION title_order FROM "C"`
  ).execute(db);
  await sql`
    CREATE INDEX tasks_live_title ON tasks (user_id, (lower(title) COLLATE title_order), id) INCLUDE (recurrence_basis)
      WHERE deleted_at IS NULL`.execute(db);
  await completedIndex(db, "-infinity");
};

export const down = async (db: Kysely<never>): Promise<void> => {
  await completedIndex(db, "infinity");
  await sql`DROP INDEX tasks_live_title`.execute(db);
  await sql`DROP COLLATION title_order`.execute(db);
};

const completedIndex = async (db: Kysely<never>, never: "infinity" | "-infinity"): Promise<void> => {
  await sql`DROP INDEX tasks_completed`.execute(db);
  await sql`
    CREATE INDEX tasks_completed ON tasks (user_id, (coalesce(completed_at, ${sql.lit(never)}::timestamptz)), id)
      INCLUDE (recurrence_basis) WHERE deleted_at IS NULL AND completed`.execute(db);
};
