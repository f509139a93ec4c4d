import type { Database } from "../../../adapters/db/database.ts";
import type { Task } from "../../../contract/task.ts";
import type { TaskEvent } from "../../../contract/event.ts";
import { type TaskRow, taskFromRow } from "./task-row.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import type { SequenceRange } from "./commit.ts";

export interface ReadTasks {
  /** The clock under which a write will be checked; undefined for an account that is closed. */
  readonly clock: ReminderClock | undefined;
  /** The user's newest sequence. */
  readonly sequence: number;
  /** The user's own tasks among those asked for, trashed ones included. */
  readonly tasks: ReadonlyMap<string, Task>;
}

const readStatement = `
SELECT h.time_zone, h.all_day_hour, h.sequence, t.* FROM event_heads h LEFT JOIN tasks t ON t.user_id = h.user_id AND t.id = ANY ($2::uuid[])
WHERE h.user_id = $1`;

/** The user's clock and the tasks a decision needs, in one round trip. */
export const readTasks = async (db: Database, userId: string, ids: readonly string[]): Promise<ReadTasks> => {
  const rows = await db.prepared<TaskRow & { time_zone: string; all_day_hour: number; sequence: number }>(
    "read-tasks",
    readStatement,
    [userId, ids],
  );
  const found = rows.filter((row) => row.id !== null).map(taskFromRow);
  const [head] = rows;
  return {
    clock: head && { zone: head.time_zone, allDayHour: head.all_day_hour },
    sequence: head?.sequence ?? 0,
    tasks: new Map(found.map((task) => [task.id, task])),
  };
};

/*
 * Of each series: itself, its open occurrences, its newest ones, those it could bring back, and those that went to the trash with it.
 * `made` is counted only where a rule ends by it, as `isCounted` counts.
 */
const familiesStatement = `
WITH series AS MATERIALIZED (
  SELECT * FROM tasks WHERE user_id = $1 AND id = ANY ($2::uuid[])
)
SELECT series.*, CASE WHEN recurrence_rule LIKE '%COUNT=%' THEN (
  SELECT count(*) FROM tasks o
  WHERE o.parent_recurring_task_id = series.id
    AND (o.occurrence_outcome IS NULL OR o.occurrence_outcome = 'detached')
    AND (o.deleted_at IS NULL OR o.completed)
) ELSE 0 END AS made FROM series
UNION ALL
SELECT o.*, 0 FROM tasks o
  WHERE o.parent_recurring_task_id = ANY ($2::uuid[]) AND o.user_id = $1 AND o.deleted_at IS NULL AND NOT o.completed
UNION ALL
SELECT o.*, 0 FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
  SELECT * FROM tasks WHERE parent_recurring_task_id = asked.id AND user_id = $1 AND occurrence_outcome IS DISTINCT FROM 'withdrawn'
  ORDER BY occurrence_date DESC LIMIT 20
) o
UNION ALL
SELECT o.*, 0 FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
  SELECT * FROM tasks WHERE parent_recurring_task_id = asked.id AND user_id = $1 AND occurrence_outcome = 'withdrawn' ORDER BY occurrence_date DESC LIMIT 20
) o
UNION ALL
SELECT o.*, 0 FROM series JOIN tasks o ON o.deleted_at = series.deleted_at AND o.user_id = $1 AND o.parent_recurring_task_id = series.id`;

export interface Families {
  readonly tasks: readonly Task[];
  /** How many occurrences a series has had, where its rule counts them; by its id. */
  readonly made: ReadonlyMap<string, number>;
}

/** What decisions about series and their occurrences need to see. */
export const readFamilies = async (db: Database, userId: string, seriesIds: readonly string[]): Promise<Families> => {
  const rows = await db.prepared<TaskRow & { made: number }>("read-families", familiesStatement, [userId, seriesIds]);
  return {
    tasks: rows.map(taskFromRow),
    made: new Map(rows.filter(({ made }) => made > 0).map(({ id, made }) => [id, made])),
  };
};

export const findTask = async (db: Database, userId: string, id: string): Promise<Task | undefined> => {
  const rows = await db.prepared<TaskRow>(
    "find-task",
    "SELECT * FROM tasks WHERE id = $2 AND user_id = $1 AND deleted_at IS NULL",
    [userId, id],
  );
  return rows.map(taskFromRow)[0];
};

const eventsStatement =
  "SELECT sequence, data FROM events WHERE user_id = $1 AND sequence BETWEEN $2 AND $3 ORDER BY sequence";

/** The events of one write. */
export const readEvents = async (
  db: Database,
  userId: string,
  { first, last }: SequenceRange,
): Promise<readonly TaskEvent[]> => {
  const rows = await db.prepared<{ sequence: number; data: Omit<TaskEvent, "sequence"> }>(
    "read-write",
    eventsStatement,
    [userId, first, last],
  );
  return rows.map(({ sequence, data }) => ({ ...data, sequence }) as TaskEvent);
};

export interface StoredAnswer {
  readonly requestHash: string;
  readonly status: number;
  readonly answer: unknown;
  readonly range: SequenceRange | null;
}

const answerStatement =
  "SELECT request_hash, status, answer, first_sequence, last_sequence FROM idempotency_keys WHERE user_id = $1 AND key = $2";

/** The answer that was remembered under an idempotency key. */
export const findAnswer = async (db: Database, userId: string, key: string): Promise<StoredAnswer | undefined> => {
  type Row = {
    request_hash: string;
    status: number;
    answer: unknown;
    first_sequence: number | null;
    last_sequence: number | null;
  };
  const [row] = await db.prepared<Row>("find-answer", answerStatement, [userId, key]);
  if (row === undefined) return undefined;
  const { first_sequence: first, last_sequence: last } = row;
  const range = first === null || last === null ? null : { first, last };
  return { requestHash: row.request_hash, status: row.status, answer: row.answer, range };
};

/** Remembers the answer of a request that changed nothing, so that the key is bound to its body too. */
export const rememberAnswer = async (
  db: Database,
  userId: string,
  { key, requestHash, status, answer }: { key: string; requestHash: string; status: number; answer: unknown },
): Promise<void> => {
  await db.prepared(
    "remember-answer",
    "INSERT INTO idempotency_keys (user_id, key, request_hash, status, answer) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    [userId, key, requestHash, status, JSON.stringify(answer)],
  );
};
