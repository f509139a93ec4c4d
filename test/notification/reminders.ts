import { v7 as uuidv7 } from "uuid";
import type { ReminderTriggered } from "../../src/contract/event.ts";
import { triggeredEventOf } from "../outbox/events.ts";

/** How a test asks the database. */
export type Query = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

export interface ReminderFacts {
  readonly userId: string;
  readonly title?: string;
  readonly taskId?: string;
  readonly reminderId?: string;
  readonly critical?: boolean;
  readonly at?: Date;
}

const logStatement = `
WITH head AS (UPDATE event_heads SET sequence = sequence + 1 WHERE user_id = $1 RETURNING sequence)
INSERT INTO events (user_id, sequence, event_id, event_type, task_id, task_version, created_at, data)
SELECT $1, head.sequence, $2, 'task.reminder.triggered', $3, 1, now(), $4 FROM head RETURNING sequence`;

/** Commits that a reminder was given, as reminder-service does, but gives it to no bus yet. Answers the event. */
export const logReminder = async (query: Query, facts: ReminderFacts): Promise<ReminderTriggered> => {
  const { userId, title = "Pay rent", taskId = uuidv7(), reminderId = uuidv7(), critical = false } = facts;
  const plain = triggeredEventOf({ userId, taskId });
  // No two of them in the same millisecond: a digest names them in the order in which they were given.
  const at = facts.at ?? new Date(plain.timestamp);
  const times = { scheduled_for: at.toISOString(), fired_at: at.toISOString(), late_ms: 0 };
  const event: ReminderTriggered = {
    ...plain,
    ...times,
    timestamp: times.fired_at,
    time_zone: "UTC",
    reminder: { ...plain.reminder, ...times, id: reminderId },
    task: { ...plain.task, title, priority: critical ? "high" : "medium" },
  };
  const [row] = await query<{ sequence: string | number }>(logStatement, [
    userId,
    event.event_id,
    taskId,
    JSON.stringify(event),
  ]);
  if (row === undefined) throw new Error(`${userId} has no head`);
  return { ...event, sequence: Number(row.sequence) };
};

/** Hands a committed event to the relay, again if need be. */
export const publish = async (
  query: Query,
  { user_id, sequence }: Pick<ReminderTriggered, "user_id" | "sequence">,
): Promise<void> => {
  await query("INSERT INTO outbox (producer, user_id, sequence) VALUES ('chat-api', $1, $2)", [user_id, sequence]);
};

export const remind = async (query: Query, facts: ReminderFacts): Promise<ReminderTriggered> => {
  const event = await logReminder(query, facts);
  await publish(query, event);
  return event;
};

/** A wall-clock time of today in UTC, so many minutes from now. */
export const clockIn = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);

/** Quiet hours that hold now, in UTC. */
export const quietNow = (): { start: string; end: string } => ({ start: clockIn(-60), end: clockIn(60) });
