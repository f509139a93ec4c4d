import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** SQL with its values. */
export type Statement = readonly [sql: string, values: readonly unknown[]];

/**
 * Sends a request while another transaction has run `statements` and not yet committed, and commits as soon as the
 * request waits for a lock of it, or was answered without. So two that cross, cross in this order every time.
 */
export const duringTransaction = async <Answer>(
  databaseUrl: string,
  statements: readonly Statement[],
  request: () => Promise<Answer>,
): Promise<Answer> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("BEGIN");
    for (const [sql, values] of statements) await client.query(sql, [...values]);
    const answer = request();
    const answered = answer.then(
      () => true,
      () => true,
    );
    while (!(await Promise.race([answered, someoneWaits(client)]))) await sleep(5);
    await client.query("COMMIT");
    return await answer;
  } finally {
    await client.end();
  }
};

const someoneWaits = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query(
    "SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))",
  );
  return rows.length > 0;
};
