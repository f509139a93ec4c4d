import type { Database } from "../../adapters/db/database.ts";
import type { TaskEvent } from "../../contract/event.ts";
import type { NextReminder } from "../../ports.ts";
import { isAboutReminders, wishesOf } from "./wishes.ts";

export interface Learned {
  /** False for an event that is older than what is known. */
  readonly isNews: boolean;
  /** The first of its task's reminders that is to come. */
  readonly next: NextReminder | undefined;
}

const nothing: Learned = { isNews: false, next: undefined };

/**
 * An event is news when it is later in its user's sequence. By the version alone, a task that is made anew under the id
 * of one that is gone would be old news for ever. A row that was learned by an earlier release has no sequence; one of
 * another user is over when that user's task is gone.
 */
const isNews = `CASE
    WHEN known.user_id <> excluded.user_id THEN known.task IS NULL
    WHEN known.sequence IS NULL THEN known.version < excluded.version
    ELSE known.sequence < excluded.sequence
  END`;
/** What was given for an instant stays given for it; `given` finds it in the steps when it was moved away and came back. */
const isGiven = "s.status = 'sent' AND s.remind_at = excluded.remind_at";
/** Another change of its task is none of its plan. */
const isSame = "s.status = excluded.status AND s.remind_at IS NOT DISTINCT FROM excluded.remind_at";
const unless = (condition: string, ...columns: readonly string[]): string =>
  columns.map((column) => `${column} = CASE WHEN ${condition} THEN s.${column} ELSE excluded.${column} END`).join(", ");

/**
 * Learns one event, in one statement: the task where it is news, and by it what is to become of each of its reminders.
 * What the task no longer has is cancelled. One that a statement at the same time has just added is not seen by this
 * one; it keeps a version that is older than its task's, by which it is cancelled when it is due.
 */
const learnStatement = `
WITH learned AS (
  INSERT INTO reminder_tasks AS known (task_id, user_id, sequence, version, task, time_zone) VALUES ($1, $2, $10, $3, $4, $5)
  ON CONFLICT (task_id) DO UPDATE SET
    user_id = excluded.user_id, sequence = excluded.sequence, version = excluded.version, task = excluded.task, time_zone = excluded.time_zone
  WHERE ${isNews}
  RETURNING task_id
), wished AS MATERIALIZED (
  SELECT w.* FROM learned, json_to_recordset($6::json)
    AS w (reminder_id uuid, remind_at timestamptz, acknowledged_at timestamptz, snoozed_from uuid, status text, because text, reminder json)
), before AS MATERIALIZED (
  SELECT s.reminder_id, s.remind_at, s.acknowledged_at, s.status FROM reminder_schedule s JOIN learned USING (task_id)
), given AS MATERIALIZED (
  SELECT DISTINCT ON (f.reminder_id) f.reminder_id, f.at AS fired_at, f.late_ms, f.event_id
  FROM wished w
    JOIN reminder_steps f ON f.task_id = $1 AND f.reminder_id = w.reminder_id AND f.remind_at = w.remind_at
  WHERE w.status = 'cancelled' AND f.what = 'fired'
  ORDER BY f.reminder_id, f.step DESC
), planned AS (
  INSERT INTO reminder_schedule AS s
    (reminder_id, task_id, user_id, task_version, reminder, remind_at, acknowledged_at, priority, status,
      cancelled_because, fired_at, late_ms, event_id, planned_by, planned_at)
  SELECT reminder_id, $1, $2, $3, reminder, remind_at, acknowledged_at, $7,
    CASE WHEN fired_at IS NULL THEN status ELSE 'sent' END, CASE WHEN fired_at IS NULL THEN because END,
    fired_at, late_ms, given.event_id, $8, clock_timestamp()
  FROM wished LEFT JOIN given USING (reminder_id)
  ON CONFLICT (reminder_id, task_id) DO UPDATE SET
    task_version = excluded.task_version, reminder = excluded.reminder, acknowledged_at = excluded.acknowledged_at, priority = excluded.priority,
    ${unless(isGiven, "status", "cancelled_because", "fired_at", "late_ms", "event_id")}, ${unless(`${isGiven} OR ${isSame}`, "planned_by", "planned_at")}, remind_at = excluded.remind_at
  WHERE s.task_version < excluded.task_version
  RETURNING s.remind_at, s.status
), removed AS (
  UPDATE reminder_schedule s SET status = 'cancelled', cancelled_because = 'removed' FROM learned
  WHERE s.task_id = learned.task_id AND s.status = 'pending' AND s.reminder_id NOT IN (SELECT reminder_id FROM wished)
  RETURNING s.reminder_id
), put_off AS MATERIALIZED (
  SELECT snoozed_from AS reminder_id, remind_at FROM wished
  WHERE snoozed_from IS NOT NULL AND status = 'pending' AND reminder_id NOT IN (SELECT reminder_id FROM before)
), steps AS (
  SELECT w.reminder_id, w.remind_at, w.because, CASE
      WHEN w.reminder_id IN (SELECT reminder_id FROM put_off) THEN NULL
      WHEN b.acknowledged_at IS NULL AND w.acknowledged_at IS NOT NULL THEN 'acknowledged'
      WHEN b.status = 'sent' AND b.remind_at IS NOT DISTINCT FROM w.remind_at THEN NULL
      WHEN w.reminder_id IN (SELECT reminder_id FROM given) THEN 'moved'
      WHEN w.status = 'cancelled' AND (b.status IS NULL OR b.status <> 'cancelled') AND w.because IS NOT NULL THEN 'cancelled'
      WHEN w.status = 'pending' AND (b.status IS NULL OR b.status = 'cancelled') THEN 'planned'
      WHEN w.status = 'pending' AND b.remind_at <> w.remind_at THEN 'moved'
    END AS what
  FROM wished w LEFT JOIN before b USING (reminder_id)
  UNION ALL
  SELECT reminder_id, remind_at, NULL, 'snoozed' FROM put_off
  UNION ALL
  SELECT reminder_id, NULL, 'removed', 'cancelled' FROM removed
), traced AS (
  INSERT INTO reminder_steps (reminder_id, task_id, at, what, event_id, remind_at, because)
  SELECT reminder_id, $1, $9, what, $8, remind_at, because FROM steps WHERE what IS NOT NULL
)
SELECT min(remind_at) FILTER (WHERE status = 'pending') AS next,
  (extract(epoch FROM min(remind_at) FILTER (WHERE status = 'pending') - clock_timestamp()) * 1000)::float8 AS in_ms,
  EXISTS (SELECT FROM learned) AS is_news
FROM planned`;

/** Forgets what a purged task was; its place stays, so that an older event that comes later is none. */
const forgetStatement = `
WITH forgotten AS (
  INSERT INTO reminder_tasks AS known (task_id, user_id, sequence, version, task, time_zone) VALUES ($1, $2, $5, $3, NULL, $4)
  ON CONFLICT (task_id) DO UPDATE SET sequence = excluded.sequence, version = excluded.version, task = NULL
  WHERE known.user_id = excluded.user_id AND ${isNews}
  RETURNING task_id
), steps AS (
  DELETE FROM reminder_steps s USING forgotten WHERE s.task_id = forgotten.task_id
)
DELETE FROM reminder_schedule s USING forgotten WHERE s.task_id = forgotten.task_id`;

interface LearnedRow extends Record<string, unknown> {
  readonly next: Date | null;
  readonly in_ms: number | null;
  readonly is_news: boolean;
}

export const learn = async (database: Database, event: TaskEvent): Promise<Learned> => {
  if (!isAboutReminders(event)) return nothing;
  const { task_id, user_id, sequence, task, time_zone, event_id, timestamp } = event;
  if (event.event_type === "task.deleted" && event.purged_at !== undefined) {
    await database.prepared("reminder-forget", forgetStatement, [task_id, user_id, task.version, time_zone, sequence]);
    return nothing;
  }
  const values = [
    task_id,
    user_id,
    task.version,
    JSON.stringify(task),
    time_zone,
    JSON.stringify(wishesOf(event)),
    priorityRanks[task.priority],
    event_id,
    new Date(timestamp),
    sequence,
  ];
  const [row] = await database.prepared<LearnedRow>("reminder-learn", learnStatement, values);
  if (row === undefined) throw new Error("the statement that learns an event answered nothing");
  const next = row.next === null ? undefined : { at: row.next.getTime(), inMs: row.in_ms ?? 0 };
  return { isNews: row.is_news, next };
};

/** What is higher is given first. */
const priorityRanks = { low: 0, medium: 1, high: 2 } as const;
