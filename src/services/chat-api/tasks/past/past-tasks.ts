import type { Database } from "../../../../adapters/db/database.ts";
import type { Task } from "../../../../contract/task.ts";
import { taskAt } from "../../../../domain/past.ts";
import type { UnsequencedEvent } from "../../../../domain/task-event.ts";
import { type TaskRow, taskFromRow } from "../task-row.ts";

type Row = TaskRow & {
  readonly asked: string;
  readonly until_event: UnsequencedEvent | null;
  readonly after_event: UnsequencedEvent | null;
};

/*
 * Which event tells of a task is read from the index `events_task` alone, however often the task was changed. The index has only changes of
 * tasks; its condition has to be said. What a task is now counts only where no event of it is kept, and is read in the same snapshot.
 */
const atStatement = `
SELECT asked.id AS asked, until_.data AS until_event, after_.data AS after_event, t.*
FROM unnest($2::uuid[]) AS asked (id)
LEFT JOIN events until_ ON until_.user_id = $1 AND until_.sequence = (
  SELECT max(sequence) FROM events WHERE user_id = $1 AND task_id = asked.id AND event_type <> 'task.reminder.triggered' AND created_at <= $3)
LEFT JOIN events after_ ON until_.sequence IS NULL AND after_.user_id = $1 AND after_.sequence = (
  SELECT min(sequence) FROM events WHERE user_id = $1 AND task_id = asked.id AND event_type <> 'task.reminder.triggered' AND created_at > $3)
LEFT JOIN tasks t ON t.id = asked.id AND t.user_id = $1 AND until_.sequence IS NULL AND after_.sequence IS NULL`;

/**
 * A user's tasks among `ids` as they were at `moment` (epoch ms), in the trash or not; null for one that was not there.
 */
export const readTasksAt = async (
  db: Database,
  userId: string,
  ids: readonly string[],
  moment: number,
): Promise<ReadonlyMap<string, Task | null>> => {
  const rows = await db.prepared<Row & Record<string, unknown>>("tasks-at", atStatement, [
    userId,
    ids,
    new Date(moment),
  ]);
  return new Map(
    rows.map((row) => {
      const past = {
        until: row.until_event,
        after: row.after_event,
        present: row.id === null ? null : taskFromRow(row),
      };
      return [row.asked, taskAt(past, moment)];
    }),
  );
};

/** A task that was changed in a span, and the sequence of its last change in it. */
export interface ChangedTask {
  readonly id: string;
  readonly last: number;
}

const changedStatement = `
SELECT task_id AS id, max(sequence) AS last FROM events
WHERE user_id = $1 AND event_type <> 'task.reminder.triggered' AND created_at > $2 AND created_at <= $3
GROUP BY task_id HAVING max(sequence) < $4 ORDER BY last DESC LIMIT $5`;

/**
 * The tasks that were changed after `from` and until `to` (epoch ms), the last changes first; `before` is where a page
 * ended.
 */
export const readChangedTasks = async (
  db: Database,
  userId: string,
  {
    from,
    to,
    before = Number.MAX_SAFE_INTEGER,
    limit,
  }: { from: number; to: number; before?: number | undefined; limit: number },
): Promise<readonly ChangedTask[]> =>
  db.prepared<ChangedTask & Record<string, unknown>>("tasks-changed", changedStatement, [
    userId,
    new Date(from),
    new Date(to),
    before,
    limit,
  ]);

const eventStatement = `
SELECT data FROM events WHERE user_id = $1 AND task_id = $2 AND event_type <> 'task.reminder.triggered' AND event_id = $3`;

/** A change of a task by its event's id. */
export const findChange = async (
  db: Database,
  userId: string,
  taskId: string,
  eventId: string,
): Promise<UnsequencedEvent | undefined> => {
  const [row] = await db.prepared<{ data: UnsequencedEvent }>("task-change", eventStatement, [userId, taskId, eventId]);
  return row?.data;
};

const zoneStatement = `
SELECT coalesce(
  (SELECT data->>'time_zone' FROM events WHERE user_id = $1 AND sequence = (
    SELECT max(sequence) FROM (SELECT sequence FROM events WHERE user_id = $1 AND event_type <> 'task.reminder.triggered' AND created_at <= $2 OFFSET 0) until_now)),
  (SELECT time_zone FROM event_heads WHERE user_id = $1), 'UTC') AS zone`;

/** The zone the user was in at a moment (epoch ms), as far as a change until then says so. */
export const readZoneAt = async (db: Database, userId: string, moment: number): Promise<string> => {
  const [row] = await db.prepared<{ zone: string }>("zone-at", zoneStatement, [userId, new Date(moment)]);
  return row?.zone ?? "UTC";
};
