import { type RawBuilder, type Sql } from "kysely";
import { type Database, sql } from "../../../adapters/db/database.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import type { TaskList, TaskQuery } from "../../../contract/task.ts";
import { dueSpan, parseDueDate } from "../../../domain/due-date.ts";
import { priorityRank, type TaskRow, taskFromRow } from "./task-row.ts";

type SortBy = NonNullable<TaskQuery["sort_by"]>;
type Fragment = RawBuilder<unknown>;

/** Where a page ended: the sort value and the id of its last task. */
interface Cursor {
  readonly value: string;
  readonly id: string;
}

interface Sort {
  /** As in the index that serves it; nulls are last in either direction of time. */
  readonly expression: Fragment;
  readonly type: ReturnType<Sql["raw"]>;
  readonly usual: "asc" | "desc";
}

const sorts: Record<SortBy, Sort> = {
  created_at: { expression: sql`created_at`, type: sql.raw("timestamptz"), usual: "desc" },
  completed_at: { expression: sql`coalesce(completed_at, 'infinity'::timestamptz)`, type: sql.raw("timestamptz"), usual: "desc" },
  due_date: { expression: sql`coalesce(due_at, 'infinity'::timestamptz)`, type: sql.raw("timestamptz"), usual: "asc" },
  priority: { expression: sql`priority`, type: sql.raw("smallint"), usual: "desc" },
  title: { expression: sql`lower(title)`, type: sql.raw("text"), usual: "asc" },
};

const DEFAULT_LIMIT = 50;

/**
 * One page of a user's tasks with the total of all pages, in one round trip, by keyset. `zone` is needed for the due
 * range only. The text of the query depends on its shape, so that each shape is planned for itself.
 */
export const listTasks = async (
  db: Database,
  user: { readonly id: string; readonly zone: string },
  now: number,
  query: TaskQuery,
): Promise<TaskList> => {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const by = query.sort_by ?? "created_at";
  const { expression, type, usual } = sorts[by];
  const order = query.sort_order ?? usual;
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, by, order);
  const where = sql.join(filters(query, user, now), sql` AND `);
  const direction = sql.raw(order);
  const beyond = cursor === undefined ? sql`true` : sql`(${expression}, id) ${sql.raw(order === "asc" ? ">" : "<")} (${cursor.value}::${type}, ${cursor.id}::uuid)`;

  const { rows } = await sql<TaskRow & { total: number; sort_value: string }>`
    SELECT all_pages.total, page.* FROM (SELECT count(*) AS total FROM tasks WHERE ${where}) all_pages
    LEFT JOIN (
      SELECT tasks.*, ${expression}::text AS sort_value, ${expression} AS sort_key FROM tasks
      WHERE ${where} AND ${beyond} ORDER BY ${expression} ${direction}, id ${direction} LIMIT ${limit + 1}
    ) page ON true
    ORDER BY page.sort_key ${direction}, page.id ${direction}`.execute(db.kysely);

  const found = rows.filter((row) => row.id !== null);
  const last = found.length > limit ? found[limit - 1] : undefined;
  return {
    tasks: found.slice(0, limit).map(taskFromRow),
    total: rows[0]?.total ?? 0,
    next_cursor: last === undefined ? null : writeCursor(by, order, { value: last.sort_value, id: last.id }),
  };
};

const filters = (query: TaskQuery, user: { readonly id: string; readonly zone: string }, now: number): Fragment[] => [
  sql`user_id = ${user.id}`,
  ...statusFilter(query.status ?? "all", now),
  ...(query.priority === undefined ? [] : [sql`priority = ${priorityRank(query.priority)}`]),
  ...(query.due_date_start === undefined ? [] : [sql`due_at >= ${bound("due_date_start", query.due_date_start, user.zone).from}`]),
  ...(query.due_date_end === undefined ? [] : [sql`due_at < ${bound("due_date_end", query.due_date_end, user.zone).until}`]),
];

const statusFilter = (status: NonNullable<TaskQuery["status"]>, now: number): Fragment[] => {
  switch (status) {
    case "deleted":
      return [sql`deleted_at IS NOT NULL`];
    case "all":
      return [sql`deleted_at IS NULL`];
    case "pending":
      return [sql`deleted_at IS NULL AND NOT completed`];
    case "completed":
      return [sql`deleted_at IS NULL AND completed`];
    case "overdue":
      return [sql`deleted_at IS NULL AND NOT completed AND overdue_at <= ${new Date(now)}`];
  }
};

/** The instants a bound includes: from the beginning of what it names until just after its end. */
const bound = (field: string, text: string, zone: string): { from: Date; until: Date } => {
  const due = parseDueDate(text);
  if (due === undefined) throw invalidField(field, "must be a date, a wall-clock time or an instant");
  const { dueAt, overdueAt } = dueSpan(due, zone);
  return { from: new Date(dueAt), until: new Date(due.kind === "date" ? overdueAt : dueAt + 1) };
};

const writeCursor = (by: SortBy, order: "asc" | "desc", { value, id }: Cursor): string =>
  Buffer.from(JSON.stringify([by, order, value, id])).toString("base64url");

const readCursor = (text: string, by: SortBy, order: "asc" | "desc"): Cursor => {
  const [sortBy, sortOrder, value, id] = parseJsonArray(Buffer.from(text, "base64url").toString("utf8"));
  const fits = sortBy === by && sortOrder === order && typeof value === "string" && fitsSort(by, value) && typeof id === "string" && UUID.test(id);
  if (!fits) throw new DomainError("invalid_cursor", "cursor: send the next_cursor of a page with the same sort_by and sort_order");
  return { value, id };
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^(infinity|\d{4,5}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}(:\d{2})?)$/;

const fitsSort = (by: SortBy, value: string): boolean => {
  if (by === "title") return !value.includes("\0");
  return by === "priority" ? /^[0-2]$/.test(value) : TIMESTAMP.test(value) && (value === "infinity" || !Number.isNaN(Date.parse(value.replace(/([+-]\d{2})$/, "$1:00"))));
};

const parseJsonArray = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};
