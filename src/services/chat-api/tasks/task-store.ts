import type { Database } from "../../../adapters/db/database.ts";
import type { Task } from "../../../contract/task.ts";
import type { TaskEvent } from "../../../contract/event.ts";
import { type TaskRow, taskFromRow } from "./task-row.ts";
import type { SequenceRange } from "./commit.ts";

export interface ReadTasks {
  /** The zone under which a write will be checked; undefined for an account that is closed. */
  readonly zone: string | undefined;
  /** The user's own tasks among those asked for, trashed ones included. */
  readonly tasks: ReadonlyMap<string, Task>;
}

const readStatement = `
SELECT h.time_zone, t.* FROM event_heads h LEFT JOIN tasks t ON t.user_id = h.user_id AND t.id = ANY ($2::uuid[])
WHERE h.user_id = $1`;

/** The zone and the tasks a decision needs, in one round trip. */
export const readTasks = async (db: Database, userId: string, ids: readonly string[]): Promise<ReadTasks> => {
  const rows = await db.prepared<TaskRow & { time_zone: string }>("read-tasks", readStatement, [userId, ids]);
  const found = rows.filter((row) => row.id !== null).map(taskFromRow);
  return { zone: rows[0]?.time_zone, tasks: new Map(found.map((task) => [task.id, task])) };
};

export const findTask = async (db: Database, userId: string, id: string): Promise<Task | undefined> => {
  const rows = await db.prepared<TaskRow>("find-task", "SELECT * FROM tasks WHERE id = $2 AND user_id = $1 AND deleted_at IS NULL", [userId, id]);
  return rows.map(taskFromRow)[0];
};

const eventsStatement = "SELECT sequence, data FROM events WHERE user_id = $1 AND sequence BETWEEN $2 AND $3 ORDER BY sequence";

/** The events of one write. */
export const readEvents = async (db: Database, userId: string, { first, last }: SequenceRange): Promise<readonly TaskEvent[]> => {
  const rows = await db.prepared<{ sequence: number; data: Omit<TaskEvent, "sequence"> }>("read-write", eventsStatement, [userId, first, last]);
  return rows.map(({ sequence, data }) => ({ ...data, sequence }) as TaskEvent);
};

export interface StoredAnswer {
  readonly requestHash: string;
  readonly status: number;
  readonly answer: unknown;
  readonly range: SequenceRange | null;
}

const answerStatement = "SELECT request_hash, status, answer, first_sequence, last_sequence FROM idempotency_keys WHERE user_id = $1 AND key = $2";

/** The answer that was remembered under an idempotency key. */
export const findAnswer = async (db: Database, userId: string, key: string): Promise<StoredAnswer | undefined> => {
  type Row = { request_hash: string; status: number; answer: unknown; first_sequence: number | null; last_sequence: number | null };
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
