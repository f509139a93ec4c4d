import type { Database } from "../../adapters/db/database.ts";
import { appendEvents, eventData, jsonOf } from "../../adapters/event-log/append.ts";
import { eventSchemaVersion, type ReminderTriggered } from "../../contract/event.ts";
import type { TriggeredReminder } from "../../contract/reminder.ts";
import type { NextReminder } from "../../ports.ts";

/** What one claim came to. */
export interface Claim {
  /** Whether more may be due: there were too many for one claim, or one was learned anew while this one began. */
  readonly isMoreDue: boolean;
  /** For each that was given, how late, in milliseconds. */
  readonly late: readonly number[];
  /** The first that was still to come. */
  readonly next: NextReminder | undefined;
}

/**
 * What one statement gives: small enough that the users' heads are not held for long, large enough that 10,000 at one
 * instant are few statements. In the text, so that one plan serves every claim.
 */
const MOST = 500;

const instant = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What the events say, in the columns of `given`. The database knows it, and it is told in the statement that gives. */
const triggeredData = eventData<ReminderTriggered>({
  event_type: "'task.reminder.triggered'",
  event_id: "given_by",
  timestamp: instant("now"),
  version: "$1::text",
  actor_id: "$2::text",
  actor_kind: "'system'",
  user_id: "user_id",
  correlation_id: "given_by",
  task_id: "task_id",
  task: "task",
  changes: "'{}'::json",
  time_zone: "time_zone",
  scheduled_for: instant("remind_at"),
  fired_at: instant("now"),
  late_ms: "late_by",
  reminder: jsonOf<TriggeredReminder>({
    id: "reminder_id",
    offset: "reminder->>'offset'",
    scheduled_for: instant("remind_at"),
    fired_at: instant("now"),
    late_ms: "late_by",
  }),
});

/**
 * Gives what is due, in one statement: whatever crashes, a reminder is given with its event or not at all. Rows that
 * another one is at work on are passed over; they are its own. Heads are locked in the order of their users, so that
 * two claims cannot wait for each other, and after the rows, which nobody locks who holds a head. A reminder whose task
 * has been learned anew without it, and one of an account that is closed, ends. One that was learned anew between the
 * snapshot and its lock is newer than its task seems: it is left to the next claim. The plan is made for one number of
 * rows and run for another, so nothing in it compares all with all: rows are looked up and marked by their key, and
 * joined to heads by a FULL JOIN, which can be no nested loop (every head is some row's).
 */
const claimStatement = `
WITH moment AS MATERIALIZED (
  SELECT date_trunc('milliseconds', clock_timestamp()) AS now
), due AS MATERIALIZED (
  SELECT s.* FROM reminder_schedule s
  WHERE s.status = 'pending' AND s.remind_at <= (SELECT now FROM moment)
  ORDER BY s.remind_at, s.priority DESC, s.created LIMIT ${MOST} FOR UPDATE SKIP LOCKED
), heads AS MATERIALIZED (
  SELECT locked.user_id, locked.sequence AS head FROM (SELECT DISTINCT user_id FROM due ORDER BY user_id) u
    CROSS JOIN LATERAL (SELECT h.user_id, h.sequence FROM event_heads h WHERE h.user_id = u.user_id FOR NO KEY UPDATE) locked
), known AS MATERIALIZED (
  SELECT due.*, head, head IS NOT NULL AS is_open, t.version AS known_version, t.task, t.time_zone
  FROM due FULL JOIN heads ON heads.user_id = due.user_id
    LEFT JOIN LATERAL (SELECT version, task, time_zone FROM reminder_tasks WHERE task_id = due.task_id OFFSET 0) t ON true
), given AS MATERIALIZED (
  SELECT known.*, gen_random_uuid() AS given_by, moment.now, (extract(epoch FROM moment.now - remind_at) * 1000)::bigint AS late_by,
    head + row_number() OVER (PARTITION BY user_id ORDER BY remind_at, priority DESC, created) AS sequence
  FROM known, moment WHERE is_open AND known_version = task_version
), taken AS (
  UPDATE event_heads h SET sequence = last.sequence FROM (SELECT user_id, max(sequence) AS sequence FROM given GROUP BY user_id) last
  WHERE h.user_id = last.user_id
), ${appendEvents({
  producer: "$2::text",
  events: `SELECT user_id, sequence, given_by, 'task.reminder.triggered', task_id, task_version, now, ${triggeredData}
  FROM given ORDER BY remind_at, priority DESC, created`,
})}, sent AS (
  UPDATE reminder_schedule s SET status = 'sent', fired_at = g.now, late_ms = g.late_by, event_id = g.given_by FROM given g
  WHERE s.reminder_id = g.reminder_id AND s.task_id = g.task_id
), to_end AS MATERIALIZED (
  SELECT reminder_id, task_id, CASE WHEN is_open THEN 'removed' ELSE 'deleted' END AS because FROM known
  WHERE NOT is_open OR known_version IS NULL OR known_version > task_version
), ended AS (
  UPDATE reminder_schedule s SET status = 'cancelled', cancelled_because = e.because FROM to_end e
  WHERE s.reminder_id = e.reminder_id AND s.task_id = e.task_id
), traced AS (
  INSERT INTO reminder_steps (reminder_id, task_id, at, what, event_id, remind_at, because, late_ms)
  SELECT reminder_id, task_id, now, 'fired', given_by, remind_at, CASE WHEN planned_at > remind_at THEN 'learned_late' WHEN remind_at < $3 THEN 'was_down' END, late_by FROM given
  UNION ALL
  SELECT reminder_id, task_id, now, 'cancelled', NULL, NULL, because, NULL FROM to_end, moment
), next AS (
  SELECT remind_at FROM reminder_schedule, moment WHERE status = 'pending' AND remind_at > (SELECT now FROM moment) ORDER BY remind_at LIMIT 1
)
SELECT (SELECT count(*) FROM due) AS found, (SELECT count(*) FROM to_end) AS ended, (SELECT coalesce(array_agg(late_by::float8), '{}') FROM given) AS late,
  (SELECT remind_at FROM next) AS next, (extract(epoch FROM (SELECT remind_at FROM next) - clock_timestamp()) * 1000)::float8 AS in_ms`;

export interface ClaimOptions {
  /** Whose events they are: the actor, and the producer of the outbox. */
  readonly producer: string;
  /** By the database's clock; what was due before came due while nobody was there. */
  readonly startedAt: Date;
}

interface ClaimRow extends Record<string, unknown> {
  readonly found: number;
  readonly ended: number;
  readonly late: number[];
  readonly next: Date | null;
  readonly in_ms: number | null;
}

/** Claims and gives what is due by the database's clock, at most 500. */
export const claimDue = async (database: Database, { producer, startedAt }: ClaimOptions): Promise<Claim> => {
  const [row] = await database.prepared<ClaimRow>("reminder-claim", claimStatement, [
    eventSchemaVersion,
    producer,
    startedAt,
  ]);
  if (row === undefined) throw new Error("the statement that claims reminders answered nothing");
  const { found, ended, late } = row;
  return {
    isMoreDue: found === MOST || found > late.length + ended,
    late,
    next: row.next === null ? undefined : { at: row.next.getTime(), inMs: row.in_ms ?? 0 },
  };
};
