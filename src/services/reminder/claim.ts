import type { Database } from "../../adapters/db/database.ts";
import { eventSchemaVersion } from "../../contract/event.ts";
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

const instant = (expression: string): string => `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Gives what is due, in one statement: whatever crashes, a reminder is given with its event or not at all. Rows that another one is
 * at work on are passed over; they are its own. Heads are locked in the order of their users, so that two claims cannot wait for each
 * other, and after the rows, which nobody locks who holds a head. A reminder whose task has been learned anew without it, and one of
 * an account that is closed, ends. One that was learned anew between the snapshot and its lock is newer than its task seems: it is left
 * to the next claim.
 */
const claimStatement = `
WITH moment AS MATERIALIZED (
  SELECT date_trunc('milliseconds', clock_timestamp()) AS now
), due AS MATERIALIZED (
  SELECT s.* FROM reminder_schedule s
  WHERE s.status = 'pending' AND s.remind_at <= (SELECT now FROM moment)
  ORDER BY s.remind_at, s.priority DESC, s.created LIMIT $1 FOR UPDATE SKIP LOCKED
), heads AS MATERIALIZED (
  SELECT h.user_id FROM event_heads h WHERE h.user_id IN (SELECT user_id FROM due) ORDER BY h.user_id FOR NO KEY UPDATE
), given AS MATERIALIZED (
  SELECT due.reminder_id, due.task_id, due.user_id, due.task_version, due.remind_at, due.priority, due.created, due.planned_at, due.reminder,
    t.task, t.time_zone, gen_random_uuid() AS event_id, moment.now, (extract(epoch FROM moment.now - due.remind_at) * 1000)::bigint AS late_ms,
    row_number() OVER (PARTITION BY due.user_id ORDER BY due.remind_at, due.priority DESC, due.created) AS place
  FROM due JOIN heads USING (user_id) JOIN reminder_tasks t ON t.task_id = due.task_id AND t.version = due.task_version, moment
), taken AS (
  UPDATE event_heads h SET sequence = h.sequence + c.count FROM (SELECT user_id, count(*) FROM given GROUP BY user_id) c
  WHERE h.user_id = c.user_id RETURNING h.user_id, h.sequence - c.count AS base
), placed AS MATERIALIZED (
  SELECT given.*, taken.base + given.place AS sequence FROM given JOIN taken USING (user_id)
), logged AS (
  INSERT INTO events (user_id, sequence, event_id, event_type, task_id, task_version, created_at, data)
  SELECT user_id, sequence, event_id, 'task.reminder.triggered', task_id, task_version, now, json_build_object(
    'event_type', 'task.reminder.triggered', 'event_id', event_id, 'timestamp', ${instant("now")}, 'version', $2::text,
    'actor_id', $3::text, 'actor_kind', 'system', 'user_id', user_id, 'correlation_id', event_id, 'task_id', task_id, 'task', task, 'changes', '{}'::json,
    'time_zone', time_zone, 'scheduled_for', ${instant("remind_at")}, 'fired_at', ${instant("now")}, 'late_ms', late_ms,
    'reminder', json_build_object('id', reminder_id, 'offset', reminder->>'offset',
      'scheduled_for', ${instant("remind_at")}, 'fired_at', ${instant("now")}, 'late_ms', late_ms))
  FROM placed
), queued AS (
  INSERT INTO outbox (producer, user_id, sequence)
  SELECT $3::text, user_id, sequence FROM placed ORDER BY remind_at, priority DESC, created
), sent AS (
  UPDATE reminder_schedule s SET status = 'sent', fired_at = p.now, late_ms = p.late_ms, event_id = p.event_id
  FROM placed p WHERE s.reminder_id = p.reminder_id AND s.task_id = p.task_id
), ended AS (
  UPDATE reminder_schedule s SET status = 'cancelled', cancelled_because = CASE WHEN due.user_id IN (SELECT user_id FROM heads) THEN 'removed' ELSE 'deleted' END
  FROM due LEFT JOIN reminder_tasks t USING (task_id)
  WHERE s.reminder_id = due.reminder_id AND s.task_id = due.task_id AND (coalesce(t.version > due.task_version, true) OR due.user_id NOT IN (SELECT user_id FROM heads))
  RETURNING s.reminder_id, s.task_id, s.cancelled_because
), traced AS (
  INSERT INTO reminder_steps (reminder_id, task_id, at, what, event_id, remind_at, because, late_ms)
  SELECT reminder_id, task_id, now, 'fired', event_id, remind_at, CASE WHEN planned_at > remind_at THEN 'learned_late' WHEN remind_at < $4 THEN 'was_down' END, late_ms FROM placed
  UNION ALL
  SELECT reminder_id, task_id, now, 'cancelled', NULL, NULL, cancelled_because, NULL FROM ended, moment
), next AS (
  SELECT remind_at FROM reminder_schedule, moment WHERE status = 'pending' AND remind_at > (SELECT now FROM moment) ORDER BY remind_at LIMIT 1
)
SELECT (SELECT count(*) FROM due) AS found, (SELECT count(*) FROM ended) AS ended, (SELECT coalesce(array_agg(late_ms::float8), '{}') FROM placed) AS late,
  (SELECT remind_at FROM next) AS next, (extract(epoch FROM (SELECT remind_at FROM next) - clock_timestamp()) * 1000)::float8 AS in_ms`;

export interface ClaimOptions {
  /** Whose events they are: the actor, and the producer of the outbox. */
  readonly producer: string;
  /** Reminders that are given by one statement. */
  readonly most: number;
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

/** Claims and gives what is due by the database's clock, at most so many. */
export const claimDue = async (database: Database, { producer, most, startedAt }: ClaimOptions): Promise<Claim> => {
  const [row] = await database.prepared<ClaimRow>("reminder-claim", claimStatement, [most, eventSchemaVersion, producer, startedAt]);
  if (row === undefined) throw new Error("the statement that claims reminders answered nothing");
  const { found, ended, late } = row;
  return { isMoreDue: found === most || found > late.length + ended, late, next: row.next === null ? undefined : { at: row.next.getTime(), inMs: row.in_ms ?? 0 } };
};
