import type { RawBuilder } from "kysely";
import { type Database, sql } from "../../adapters/db/database.ts";
import type { Reminder, ReminderQuery, TaskReminder } from "../../contract/reminder.ts";
import type { RecordedStep } from "../../domain/reminder/trace.ts";
import type { ReminderCursor } from "./cursor.ts";

interface ReminderRow {
  readonly task_id: string;
  readonly user_id: string;
  readonly reminder: TaskReminder;
  readonly status: "pending" | "sent" | "cancelled";
  readonly cancelled_because: Reminder["cancelled_because"];
  readonly acknowledged_at: Date | null;
  readonly fired_at: Date | null;
  readonly late_ms: number | null;
}

/** A reminder as the schedule has it. */
const toReminder = (row: ReminderRow): Reminder => ({
  ...row.reminder,
  task_id: row.task_id,
  user_id: row.user_id,
  status: row.acknowledged_at === null ? row.status : "acknowledged",
  cancelled_because: row.acknowledged_at === null ? row.cancelled_because : null,
  fired_at: row.fired_at?.toISOString() ?? null,
  late_ms: row.late_ms,
});

/**
 * A user's reminders by their instants, after a place. The text of the query depends on its shape, so that each shape
 * is planned for itself.
 */
export const listReminders = async (
  database: Database,
  userId: string,
  query: Pick<ReminderQuery, "status" | "task_id">,
  after: ReminderCursor | undefined,
  limit: number,
): Promise<readonly Reminder[]> => {
  const { rows } = await sql<ReminderRow>`
    SELECT * FROM reminder_schedule WHERE ${sql.join([sql`user_id = ${userId}::uuid`, ...conditions(query), ...beyond(after)], sql` AND `)}
    ORDER BY coalesce(remind_at, 'infinity'), reminder_id, task_id LIMIT ${limit}`.execute(database.kysely);
  return rows.map(toReminder);
};

const conditions = ({ status, task_id }: Pick<ReminderQuery, "status" | "task_id">): RawBuilder<unknown>[] => [
  ...(task_id === undefined ? [] : [sql`task_id = ${task_id}::uuid`]),
  ...(status === undefined
    ? []
    : [
        status === "acknowledged"
          ? sql`acknowledged_at IS NOT NULL`
          : sql`acknowledged_at IS NULL AND status = ${status}`,
      ]),
];

const beyond = (after: ReminderCursor | undefined): RawBuilder<unknown>[] =>
  after === undefined
    ? []
    : [
        sql`(coalesce(remind_at, 'infinity'), reminder_id, task_id) > (${after.at ?? "infinity"}::timestamptz, ${after.reminderId}::uuid, ${after.taskId}::uuid)`,
      ];

const oneStatement =
  "SELECT * FROM reminder_schedule WHERE reminder_id = $2 AND user_id = $1 ORDER BY created DESC LIMIT 1";

/** One reminder of the user; undefined when there is none. */
export const readReminder = async (
  database: Database,
  userId: string,
  reminderId: string,
): Promise<Reminder | undefined> => {
  const [row] = await database.prepared<ReminderRow & Record<string, unknown>>("reminder-one", oneStatement, [
    userId,
    reminderId,
  ]);
  return row && toReminder(row);
};

/** That it was given is never left out, however much happened to it since. */
const stepsStatement = `
SELECT step, at, what, event_id, remind_at, because, late_ms FROM reminder_steps
WHERE task_id = $1 AND reminder_id = $2 AND (what = 'fired' OR step >= coalesce((
  SELECT step FROM reminder_steps WHERE task_id = $1 AND reminder_id = $2 ORDER BY step DESC LIMIT 1 OFFSET 199
), 0))
ORDER BY step`;

const zoneStatement = "SELECT time_zone FROM reminder_tasks WHERE task_id = $1 AND user_id = $2";

interface StepRow extends Omit<RecordedStep, "at" | "remind_at"> {
  readonly at: Date;
  readonly remind_at: Date | null;
}

/** What happened to a reminder, oldest first (the newest 200, and each time it was given), and the user's zone as of the task's last event. */
export const readSteps = async (
  database: Database,
  { id, task_id, user_id }: Reminder,
): Promise<{ steps: readonly RecordedStep[]; zone: string }> => {
  const rows = await database.prepared<StepRow & Record<string, unknown>>("reminder-steps", stepsStatement, [
    task_id,
    id,
  ]);
  const [task] = await database.prepared<{ time_zone: string }>("reminder-zone", zoneStatement, [task_id, user_id]);
  const steps = rows.map(({ at, what, event_id, remind_at, because, late_ms }) => ({
    at: at.toISOString(),
    what,
    event_id,
    remind_at: remind_at?.toISOString() ?? null,
    because,
    late_ms,
  }));
  return { steps, zone: task?.time_zone ?? "UTC" };
};
