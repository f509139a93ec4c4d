import type { Database } from "../../adapters/db/database.ts";
import type { Metrics } from "../../ports.ts";

const overdueStatement = `
SELECT greatest(0, extract(epoch FROM clock_timestamp() - min(remind_at)))::float8 AS seconds FROM reminder_schedule WHERE status = 'pending'`;

/** For how long the oldest reminder that is not given has been due; the alert looks at this. */
export const measureOverdue = async (database: Database, metrics: Metrics): Promise<void> => {
  const [row] = await database.prepared<{ seconds: number | null }>("reminder-overdue", overdueStatement, []);
  metrics.gauge("taskflow_reminder_overdue_seconds", row?.seconds ?? 0);
};

/** How many are to come: read off the index, but all of it, so it is not asked often. */
export const measurePending = async (database: Database, metrics: Metrics): Promise<void> => {
  const [row] = await database.prepared<{ count: number }>(
    "reminder-pending",
    "SELECT count(*) AS count FROM reminder_schedule WHERE status = 'pending'",
    [],
  );
  metrics.gauge("taskflow_reminders_pending", row?.count ?? 0);
};
