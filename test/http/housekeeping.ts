import { randomBytes } from "node:crypto";
import { startTaskFlow, type TaskFlow } from "../harness/taskflow.ts";
import { until } from "../harness/until.ts";

const addSessionThatIsOver = `
INSERT INTO refresh_tokens (token_hash, family_id, user_id, created_at, expires_at)
SELECT $1, gen_random_uuid(), id, now() - interval '31 days', now() - interval '1 day' FROM users LIMIT 1`;

/**
 * What housekeeping does at each start, by another process on the same database. A stop waits for it for a few seconds
 * only; that it has ended is seen by a session that is over, which is deleted after old tasks, keys and events.
 */
export const housekeep = async (
  { databaseUrl, query }: TaskFlow,
  env: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const over = randomBytes(32);
  await query(addSessionThatIsOver, [over]);
  const other = await startTaskFlow({ databaseUrl, env });
  try {
    await until(
      "housekeeping to end",
      async () => (await query("SELECT FROM refresh_tokens WHERE token_hash = $1", [over])).length === 0,
    );
  } finally {
    await other.stop();
  }
};
