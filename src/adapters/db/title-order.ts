import { type Db, sql } from "./database.ts";

/**
 * Another version of ICU may order titles otherwise than the index of titles was built: it is built anew then, once,
 * before anything is read by it. Answers whether it was.
 */
export const refreshTitleOrder = async (db: Db): Promise<boolean> => {
  const { rows } = await sql`
    SELECT FROM pg_collation
    WHERE collname = 'title_order' AND collversion IS DISTINCT FROM pg_collation_actual_version(oid)`.execute(db);
  if (rows.length === 0) return false;
  await sql`REINDEX INDEX tasks_live_title`.execute(db);
  await sql`ALTER COLLATION title_order REFRESH VERSION`.execute(db);
  return true;
};
