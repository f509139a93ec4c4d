import type { RawBuilder } from "kysely";
import { type Database, sql } from "../../adapters/db/database.ts";
import type { AuditEntry, AuditLogQuery } from "../../contract/audit.ts";
import type { ActorKind, Changes, EventType } from "../../contract/event.ts";
import type { Directory } from "../../ports.ts";
import type { LogCursor } from "./cursor.ts";

/** A row of `audit_entries`. */
interface EntryRow {
  readonly user_id: string;
  readonly sequence: number;
  readonly occurred_at: Date;
  readonly event_id: string;
  readonly event_type: EventType;
  readonly task_id: string;
  readonly task_version: number;
  readonly actor_kind: ActorKind;
  readonly actor_id: string;
  readonly correlation_id: string;
  readonly task_title: string | null;
  readonly changes: Changes | null;
  readonly hash: Buffer | null;
}

/** The rows as they are answered; actors are called what they are called today. */
export const toEntries = async (rows: readonly EntryRow[], directory: Directory): Promise<AuditEntry[]> => {
  const names = await directory.names([...new Set(rows.map(({ actor_id }) => actor_id))]);
  return rows.map((row) => ({
    event_id: row.event_id,
    event_type: row.event_type,
    task_id: row.task_id,
    task_title: row.task_title ?? "",
    task_version: row.task_version,
    user_id: row.user_id,
    actor: { kind: row.actor_kind, id: row.actor_id, name: names.get(row.actor_id) ?? null },
    timestamp: row.occurred_at.toISOString(),
    sequence: row.sequence,
    changes: row.changes ?? {},
    correlation_id: row.correlation_id,
    hash: row.hash?.toString("hex") ?? null,
  }));
};

const historyStatement =
  "SELECT * FROM audit_entries WHERE user_id = $1 AND task_id = $2 AND sequence > $3 ORDER BY sequence LIMIT $4";

/** The entries of a user's task after a sequence, oldest first. */
export const readTaskHistory = (
  database: Database,
  { userId, taskId }: { readonly userId: string; readonly taskId: string },
  after: number,
  limit: number,
): Promise<readonly EntryRow[]> =>
  database.prepared<EntryRow & Record<string, unknown>>("audit-task", historyStatement, [userId, taskId, after, limit]);

/** Whether anything is recorded of a user's task. */
export const hasHistory = async (database: Database, userId: string, taskId: string): Promise<boolean> => {
  const text = "SELECT FROM audit_entries WHERE user_id = $1 AND task_id = $2 LIMIT 1";
  return (await database.prepared("audit-task-known", text, [userId, taskId])).length > 0;
};

/** Whoever had a task with this id last; undefined when nobody did. For an administrator, who knows the id only. */
export const findTaskOwner = async (database: Database, taskId: string): Promise<string | undefined> => {
  const text = "SELECT user_id FROM audit_entries WHERE task_id = $1 ORDER BY occurred_at DESC LIMIT 1";
  const [row] = await database.prepared<{ user_id: string }>("audit-task-owner", text, [taskId]);
  return row?.user_id;
};

export type LogFilter = Pick<AuditLogQuery, "user_id" | "task_id" | "event_type" | "actor_id" | "from" | "to">;

/**
 * Entries of many tasks, newest first, after a place. The text of the query depends on its shape, so that each shape is
 * planned for itself.
 */
export const readLog = async (
  database: Database,
  filter: LogFilter,
  after: LogCursor | undefined,
  limit: number,
): Promise<readonly EntryRow[]> => {
  const { rows } = await sql<EntryRow>`
    SELECT * FROM audit_entries WHERE ${sql.join([...conditions(filter), ...beyond(after)], sql` AND `)}
    ORDER BY occurred_at DESC, event_id DESC LIMIT ${limit}`.execute(database.kysely);
  return rows;
};

/** The first comparison says nothing new, but lets whole partitions be passed over. */
const beyond = (after: LogCursor | undefined): RawBuilder<unknown>[] =>
  after === undefined
    ? []
    : [
        sql`occurred_at <= ${after.timestamp}::timestamptz`,
        sql`(occurred_at, event_id) < (${after.timestamp}::timestamptz, ${after.eventId}::uuid)`,
      ];

const conditions = ({ user_id, task_id, event_type, actor_id, from, to }: LogFilter): RawBuilder<unknown>[] => [
  sql`true`,
  ...(user_id === undefined ? [] : [sql`user_id = ${user_id}::uuid`]),
  ...(task_id === undefined ? [] : [sql`task_id = ${task_id}::uuid`]),
  ...(event_type === undefined ? [] : [sql`event_type = ${event_type}`]),
  ...(actor_id === undefined ? [] : [sql`actor_id = ${actor_id}`]),
  ...(from === undefined ? [] : [sql`occurred_at >= ${new Date(from)}`]),
  ...(to === undefined ? [] : [sql`occurred_at < ${new Date(to)}`]),
];

/** A page of a user's entries by offset, newest first, and how many there are. */
export const readActivity = async (
  database: Database,
  userId: string,
  { limit, offset }: { limit: number; offset: number },
) => {
  const rows = await database.prepared<EntryRow & Record<string, unknown>>(
    "audit-activity",
    "SELECT * FROM audit_entries WHERE user_id = $1 ORDER BY sequence DESC LIMIT $2 OFFSET $3",
    [userId, limit, offset],
  );
  const [counted] = await database.prepared<{ total: number }>(
    "audit-activity-total",
    "SELECT count(*) AS total FROM audit_entries WHERE user_id = $1",
    [userId],
  );
  return { rows, total: counted?.total ?? 0 };
};
