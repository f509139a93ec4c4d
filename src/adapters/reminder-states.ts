import type { ReminderState, ReminderStates } from "../ports.ts";
import type { Database } from "./db/database.ts";

const statement =
  "SELECT reminder_id, remind_at, status, fired_at, late_ms FROM reminder_schedule WHERE user_id = $1 AND task_id = $2 AND remind_at IS NOT NULL";

interface Row {
  readonly reminder_id: string;
  readonly remind_at: Date;
  readonly status: ReminderState["status"];
  readonly fired_at: Date | null;
  readonly late_ms: number | null;
}

/** What became of reminders, from the table that reminder-service keeps. */
export const createReminderStates = (database: Pick<Database, "prepared">): ReminderStates => ({
  async ofTask(userId, taskId) {
    const rows = await database.prepared<Row & Record<string, unknown>>("reminder-states", statement, [userId, taskId]);
    return new Map(rows.map((row) => [row.reminder_id, stateOf(row)]));
  },
});

const stateOf = ({ remind_at, status, fired_at, late_ms }: Row): ReminderState => ({
  remind_at: remind_at.toISOString(),
  status,
  fired_at: fired_at?.toISOString() ?? null,
  late_ms,
});
