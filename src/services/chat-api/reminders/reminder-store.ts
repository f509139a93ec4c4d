import type { Database } from "../../../adapters/db/database.ts";

/** `OFFSET 0` keeps it one look into the index, whatever else the user has. */
const statement = `
SELECT id FROM (
  SELECT id, user_id, deleted_at FROM tasks WHERE jsonb_path_query_array(reminders, '$[*].id') @> jsonb_build_array($2::text) OFFSET 0
) t WHERE user_id = $1 AND deleted_at IS NULL`;

/** The user's task that has a reminder, unless it is in the trash. */
export const findReminderTask = async (
  db: Database,
  userId: string,
  reminderId: string,
): Promise<string | undefined> => {
  const [row] = await db.prepared<{ id: string }>("reminder-task", statement, [userId, reminderId]);
  return row?.id;
};
