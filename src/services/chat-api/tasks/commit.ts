import { type Database, isDeadlock, violatedConstraint } from "../../../adapters/db/database.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import { taskEvent, type EventContext } from "../../../domain/task-event.ts";
import type { Task } from "../../../contract/task.ts";
import type { TaskChange } from "../../../domain/task.ts";
import { mutableColumns, taskRowJson } from "./task-row.ts";

/** What a repeated request with the same key is answered with; the undo handle is made from the sequences. */
export interface RememberedAnswer {
  readonly key: string;
  readonly requestHash: string;
  readonly status: number;
  readonly answer: unknown;
}

export interface TaskWrite {
  readonly userId: string;
  readonly changes: readonly TaskChange[];
  /** Tasks that the decision rests on and does not change; the write is stale when one of them has changed. */
  readonly guards?: readonly Task[] | undefined;
  /** The clock the decision was made under; the write is stale when it is no longer the user's. */
  readonly clockRead: ReminderClock;
  /** The sequence the decision was made at, where it rests on more than the tasks it read; the write is stale at any other. */
  readonly sequenceRead?: number | undefined;
  /** Its clock is the user's from this write on: another one than `clockRead` only when the user changes it. */
  readonly event: EventContext & ReminderClock;
  readonly remember?: RememberedAnswer | undefined;
}

/** The user's sequences a write took, both inclusive. */
export interface SequenceRange {
  readonly first: number;
  readonly last: number;
}

export type CommitResult =
  | ({ readonly outcome: "committed" } & SequenceRange)
  /** A task, the user's clock or the account changed since it was read: read again and decide again. */
  | { readonly outcome: "stale" }
  | { readonly outcome: "key-used" }
  | { readonly outcome: "id-taken" };

/**
 * The whole write in one statement: tasks, events, outbox and the remembered answer, or none of them.
 *
 * `locked` holds the tasks that are still at the version they were read at, in the order of their ids so that two
 * writes cannot wait for each other. `head` takes the sequences only if all of them are and the user's clock is still the same;
 * everything else hangs on `head`. The head's row lock is held to the commit, so a user's sequences become visible in
 * order and without gaps.
 */
export const commitStatement = `
WITH rows AS MATERIALIZED (
  SELECT * FROM json_populate_recordset(NULL::tasks, $3::json)
), locked AS MATERIALIZED (
  SELECT t.id FROM tasks t JOIN unnest($4::uuid[], $5::int[]) AS read (id, version) ON t.id = read.id AND t.version = read.version
  WHERE t.user_id = $1 ORDER BY t.id FOR UPDATE OF t
), head AS (
  UPDATE event_heads SET sequence = sequence + cardinality($7::uuid[]), time_zone = $17, all_day_hour = $19
  WHERE user_id = $1 AND time_zone = $2 AND all_day_hour = $18 AND ($20::bigint IS NULL OR sequence = $20) AND (SELECT count(*) FROM locked) = cardinality($4::uuid[])
  RETURNING sequence - cardinality($7::uuid[]) AS base
), created AS (
  INSERT INTO tasks SELECT rows.* FROM rows, head WHERE rows.id <> ALL ($4::uuid[])
), updated AS (
  UPDATE tasks t SET ${mutableColumns.map((column) => `${column} = r.${column}`).join(", ")}
  FROM rows r, head WHERE t.id = r.id AND r.id = ANY ($4::uuid[])
), purged AS (
  DELETE FROM tasks t USING head WHERE t.id = ANY ($6::uuid[])
), logged AS (
  INSERT INTO events (user_id, sequence, event_id, event_type, task_id, task_version, created_at, data)
  SELECT $1, head.base + e.ordinal, e.event_id, e.event_type, e.task_id, e.task_version, $12, e.data
  FROM head, unnest($7::uuid[], $8::text[], $9::uuid[], $10::int[], $11::json[])
    WITH ORDINALITY AS e (event_id, event_type, task_id, task_version, data, ordinal)
), queued AS (
  INSERT INTO outbox (producer, user_id, sequence)
  SELECT 'chat-api', $1, head.base + n FROM head, generate_series(1, cardinality($7::uuid[])) AS n
), remembered AS (
  INSERT INTO idempotency_keys (user_id, key, request_hash, status, answer, first_sequence, last_sequence)
  SELECT $1, $13, $14, $15, $16, head.base + 1, head.base + cardinality($7::uuid[]) FROM head WHERE $13::text IS NOT NULL
)
SELECT base FROM head`;

/** Commits a write, or says why it was not. The order of `changes` is the order of their events. */
export const commit = async (db: Database, newId: () => string, write: TaskWrite): Promise<CommitResult> => {
  try {
    const [row] = await db.prepared<{ base: number }>("commit-tasks", commitStatement, commitValues(newId, write));
    if (row === undefined) return { outcome: "stale" };
    return { outcome: "committed", first: row.base + 1, last: row.base + write.changes.length };
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === "idempotency_keys_pkey") return { outcome: "key-used" };
    if (constraint === "tasks_pkey" || constraint === "tasks_occurrence") return { outcome: "id-taken" };
    // Two users who make the same ids in another order; whoever is left over finds them taken.
    if (isDeadlock(error)) return { outcome: "stale" };
    throw error;
  }
};

/** The statement's parameters; exported so that the bench runs the very same statement on the bare driver. */
export const commitValues = (newId: () => string, { userId, changes, guards = [], clockRead, sequenceRead, event, remember }: TaskWrite): readonly unknown[] => {
  const events = changes.map((change) => taskEvent(change, newId(), event));
  const net = netChanges(changes);
  const read = [...net.flatMap(({ before }) => (before === null ? [] : [before])), ...guards];
  const kept = net.filter((change) => change.purged !== true);
  return [
    userId,
    clockRead.zone,
    JSON.stringify(kept.map(({ after }) => taskRowJson(after, event.zone))),
    read.map(({ id }) => id),
    read.map(({ version }) => version),
    net.filter((change) => change.purged === true).map(({ after }) => after.id),
    events.map(({ event_id }) => event_id),
    events.map(({ event_type }) => event_type),
    events.map(({ task_id }) => task_id),
    events.map(({ task }) => task.version),
    events.map((data) => JSON.stringify(data)),
    new Date(event.now),
    remember?.key ?? null,
    remember?.requestHash ?? null,
    remember?.status ?? null,
    remember === undefined ? null : JSON.stringify(remember.answer),
    event.zone,
    clockRead.allDayHour,
    event.allDayHour,
    sequenceRead ?? null,
  ];
};

/** One change a task: from as it was read to as it is after the last of them. */
export const netChanges = (changes: readonly TaskChange[]): readonly TaskChange[] => {
  const net = new Map<string, TaskChange>();
  for (const change of changes) {
    const earlier = net.get(change.after.id);
    net.set(change.after.id, earlier === undefined ? change : { ...change, before: earlier.before });
  }
  return [...net.values()];
};
