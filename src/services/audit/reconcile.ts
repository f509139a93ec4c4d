import type { Database } from "../../adapters/db/database.ts";
import type { EventLog } from "../../ports.ts";
import { entryOf } from "./entry.ts";
import type { Recorder } from "./recorder.ts";

/** Where the event log and the history disagree. */
export interface Difference {
  readonly user_id: string;
  readonly sequence: number;
  /** `missing` in the history, `extra` in it, or `different` there from what the event says. */
  readonly kind: "missing" | "extra" | "different";
}

export interface Reconciliation {
  readonly events: number;
  /** Still in the outbox: on their way to the history. */
  readonly underway: number;
  readonly differences: readonly Difference[];
}

const USERS_AT_ONCE = 200;
const MOST_DIFFERENCES = 1_000;

/**
 * Of each user both sides, by sequence. What an archive holds is proven by `verify`; an event that has left the log
 * (its retention is its own) says nothing against the row that is left of it.
 */
const differencesStatement = `
WITH logged AS (
  SELECT e.*, EXISTS (SELECT FROM outbox o WHERE o.user_id = e.user_id AND o.sequence = e.sequence) AS underway FROM events e WHERE e.user_id = ANY ($1::uuid[])
), archived AS (
  SELECT r.user_id, r.first_sequence, r.last_sequence FROM audit_archived_runs r WHERE r.user_id = ANY ($1::uuid[])
), oldest AS (
  SELECT user_id, min(sequence) AS sequence FROM logged GROUP BY user_id
), compared AS (
  SELECT coalesce(l.user_id, a.user_id) AS user_id, coalesce(l.sequence, a.sequence) AS sequence, l.underway,
    CASE
      WHEN a.user_id IS NULL THEN 'missing'
      WHEN l.user_id IS NULL THEN 'extra'
      WHEN (l.event_id, l.event_type, l.task_id, l.task_version, l.data->>'actor_kind', l.data->>'actor_id', l.data->>'correlation_id', (l.data->>'timestamp')::timestamptz)
        IS DISTINCT FROM (a.event_id, a.event_type, a.task_id, a.task_version, a.actor_kind, a.actor_id, a.correlation_id, a.occurred_at) THEN 'different'
      WHEN a.changes IS NOT NULL AND (coalesce((l.data->'changes')::jsonb, '{}') <> a.changes::jsonb OR l.data->'task'->>'title' <> a.task_title) THEN 'different'
    END AS kind
  FROM logged l FULL JOIN (SELECT * FROM audit_entries WHERE user_id = ANY ($1::uuid[])) a ON a.user_id = l.user_id AND a.sequence = l.sequence
)
SELECT c.user_id, c.sequence, c.kind, (SELECT count(*) FROM logged) AS events, (SELECT count(*) FROM logged WHERE underway) AS underway
FROM (SELECT 1) one LEFT JOIN compared c ON c.kind IS NOT NULL AND c.underway IS NOT TRUE
  AND NOT (c.kind = 'missing' AND EXISTS (SELECT FROM archived r WHERE r.user_id = c.user_id AND c.sequence BETWEEN r.first_sequence AND r.last_sequence))
  AND NOT (c.kind = 'extra' AND c.sequence < (SELECT o.sequence FROM oldest o WHERE o.user_id = c.user_id))
ORDER BY c.user_id, c.sequence LIMIT ${MOST_DIFFERENCES}`;

/** Everyone who is on either side, and closed accounts too. */
const usersStatement = `
SELECT id FROM (SELECT id FROM users UNION SELECT user_id FROM audit_heads UNION SELECT user_id FROM audit_waiting UNION SELECT user_id FROM event_heads) u
WHERE id > $1 ORDER BY id LIMIT ${USERS_AT_ONCE}`;

interface Row {
  readonly user_id: string | null;
  readonly sequence: number;
  readonly kind: Difference["kind"];
  readonly events: number;
  readonly underway: number;
}

/** Compares the event log with the history: what is in the one is in the other, and nothing else. */
export const reconcile = async (database: Pick<Database, "prepared">): Promise<Reconciliation> => {
  const differences: Difference[] = [];
  let [events, underway, after] = [0, 0, "00000000-0000-0000-0000-000000000000"];
  for (;;) {
    const users = (await database.prepared<{ id: string }>("audit-users", usersStatement, [after])).map(({ id }) => id);
    const rows = await database.prepared<Row & Record<string, unknown>>("audit-differences", differencesStatement, [
      users,
    ]);
    events += rows[0]?.events ?? 0;
    underway += rows[0]?.underway ?? 0;
    for (const { user_id, sequence, kind } of rows) if (user_id !== null) differences.push({ user_id, sequence, kind });
    const last = users.at(-1);
    if (last === undefined || users.length < USERS_AT_ONCE) return { events, underway, differences };
    after = last;
  }
};

/** Records what is missing from the event log. Answers how many entries it took from there. */
export const repair = async (
  { eventLog, recorder }: { eventLog: EventLog; recorder: Recorder },
  differences: readonly Difference[],
): Promise<number> => {
  const missing = differences.filter(({ kind }) => kind === "missing");
  for (const { user_id, sequence } of missing)
    await recorder.record((await eventLog.after(user_id, sequence - 1, 1)).map(entryOf));
  return missing.length;
};
