import type { Directory } from "../ports.ts";
import type { Database } from "./db/database.ts";

const namesStatement = `
SELECT id::text, coalesce(nullif(name, ''), email) AS name FROM users WHERE id = ANY ($1::uuid[]) AND disabled_at IS NULL
UNION ALL SELECT id::text, name FROM api_tokens WHERE id = ANY ($1::uuid[])`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Names from the accounts' tables. */
export const createDirectory = (database: Pick<Database, "prepared">): Directory => ({
  async names(ids) {
    const uuids = ids.filter((id) => UUID.test(id));
    if (uuids.length === 0) return new Map();
    const rows = await database.prepared<{ id: string; name: string }>("directory-names", namesStatement, [uuids]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  },
  async zoneOf(userId) {
    const text = "SELECT time_zone FROM event_heads WHERE user_id = $1";
    const [head] = await database.prepared<{ time_zone: string }>("directory-zone", text, [userId]);
    return head?.time_zone ?? "UTC";
  },
  async hasTask(userId, taskId) {
    const rows = await database.prepared("directory-task", "SELECT FROM tasks WHERE id = $2 AND user_id = $1", [
      userId,
      taskId,
    ]);
    return rows.length > 0;
  },
});
