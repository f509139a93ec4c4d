import { createHash } from "node:crypto";
import { type RawBuilder } from "kysely";
import { type Database, sql } from "../../../adapters/db/database.ts";
import type { Task, TaskList, TaskQuery } from "../../../contract/task.ts";
import { dueSpan, requireDueDate } from "../../../domain/due-date.ts";
import { noInstant, readCursor, type SortBy, type SortOrder, writeCursor } from "./list-cursor.ts";
import { priorityRank, type TaskRow, taskFromRow } from "./task-row.ts";

export type Fragment = RawBuilder<unknown>;

/** Where a list is read from: tasks as they are, or as they were. */
export interface TaskSource<Row> {
  /** The `WITH` of the query, if any. */
  readonly expressions: Fragment;
  /** What is listed; it has the columns of `tasks` that lists filter and sort by, and those that `contents` needs. */
  readonly table: Fragment;
  readonly columns: Fragment;
  /** The selection, from a `page` of the table's rows, of what a task is made of; and the joins that takes. */
  readonly contents: Fragment;
  readonly joins: Fragment;
  taskOf(row: Row): Task;
}

const present: TaskSource<TaskRow> = {
  expressions: sql``,
  table: sql`tasks`,
  columns: sql`tasks.*`,
  contents: sql`page.*`,
  joins: sql``,
  taskOf: taskFromRow,
};

interface Sort {
  /** As in the index that serves it. */
  expression(order: SortOrder): Fragment;
  readonly type: "instant" | "smallint" | "text";
  readonly usual: SortOrder;
}

/** What has no such instant is last in either order. */
const instantOrLast =
  (column: string) =>
  (order: SortOrder): Fragment =>
    sql.raw(`coalesce(${column}, '${noInstant[order]}'::timestamptz)`);

const sorts: Record<SortBy, Sort> = {
  created_at: { expression: () => sql`created_at`, type: "instant", usual: "desc" },
  completed_at: { expression: instantOrLast("completed_at"), type: "instant", usual: "desc" },
  due_date: { expression: instantOrLast("due_at"), type: "instant", usual: "asc" },
  priority: { expression: () => sql`priority`, type: "smallint", usual: "desc" },
  title: { expression: () => sql`lower(title) COLLATE title_order`, type: "text", usual: "asc" },
};

/** A sort value as a cursor's text and back; instants in UTC, whatever zone the database shows them in. */
const toText = (expression: Fragment, { type }: Sort): Fragment =>
  type === "instant" ? sql`(${expression} AT TIME ZONE 'UTC')::text` : sql`${expression}::text`;
const fromText = ({ type }: Sort, value: string): Fragment =>
  type === "instant" ? sql`(${value}::timestamp AT TIME ZONE 'UTC')` : sql`${value}::${sql.raw(type)}`;

const DEFAULT_LIMIT = 50;

export interface ListInput {
  readonly userId: string;
  /** Needed for the due range only. */
  readonly zone: string;
  /** What is overdue is so at this moment; epoch ms. */
  readonly now: number;
  readonly query: TaskQuery;
}

/**
 * One page of a user's tasks with the total of all pages, in one round trip, by keyset. The first page counts; the
 * others carry its total in their cursor, for counting costs more than reading a page (docs/adr/0033).
 */
export const listTasks = (db: Database, input: ListInput): Promise<TaskList> => listFrom(db, present, input);

/**
 * The same from another source. The text of the query depends on its shape, so that each shape is planned for itself.
 */
export const listFrom = async <Row>(db: Database, source: TaskSource<Row>, input: ListInput): Promise<TaskList> => {
  const { query } = input;
  const limit = query.limit ?? DEFAULT_LIMIT;
  const by = query.sort_by ?? "created_at";
  const sort = sorts[by];
  const order = query.sort_order ?? sort.usual;
  const expression = sort.expression(order);
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, by, order);
  const of = countedOf(input);
  const known = cursor?.counted.of === of ? cursor.counted.total : undefined;
  const where = sql.join(filters(input), sql` AND `);
  const direction = sql.raw(order);
  const beyond =
    cursor === undefined
      ? sql`true`
      : sql`(${expression}, id) ${sql.raw(order === "asc" ? ">" : "<")} (${fromText(sort, cursor.value)}, ${cursor.id}::uuid)`;

  const { rows } = await sql<Row & { total: number; page_id: string | null; sort_value: string }>`
    ${source.expressions} SELECT all_pages.total, page.id AS page_id, page.sort_value, ${source.contents} FROM (${known === undefined ? sql`SELECT count(*) AS total FROM ${source.table} WHERE ${where}` : sql`SELECT ${known}::bigint AS total`}) all_pages
    LEFT JOIN (
      SELECT ${source.columns}, ${toText(expression, sort)} AS sort_value, ${expression} AS sort_key FROM ${source.table}
      WHERE ${where} AND ${beyond} ORDER BY ${expression} ${direction}, id ${direction} LIMIT ${limit + 1}
    ) page ON true ${source.joins}
    ORDER BY page.sort_key ${direction}, page.id ${direction}`.execute(db.kysely);

  const found = rows.filter((row) => row.page_id !== null);
  const last = found.length > limit ? found[limit - 1] : undefined;
  const total = rows[0]?.total ?? 0;
  return {
    tasks: found.slice(0, limit).map(source.taskOf),
    total,
    next_cursor:
      last === undefined
        ? null
        : writeCursor(by, order, { value: last.sort_value, id: last.page_id ?? "", counted: { total, of } }),
  };
};

/** Names what a total counts: the user's tasks that pass these filters, in whatever order and pages. */
const countedOf = ({
  userId,
  query: { cursor: _place, limit: _size, sort_by: _by, sort_order: _order, ...filter },
}: ListInput): string =>
  createHash("sha256")
    .update(JSON.stringify([userId, { status: "all", kind: "task", ...filter }]))
    .digest("base64url")
    .slice(0, COUNTED_LENGTH);

/** 72 bits: no two filters of one user share a name by chance. */
const COUNTED_LENGTH = 12;

const filters = ({ query, userId, zone, now }: ListInput): Fragment[] => [
  sql`user_id = ${userId}`,
  ...statusFilter(query.status ?? "all", now),
  ...kindFilter(query.kind ?? "task"),
  ...(query.parent_recurring_task_id === undefined
    ? []
    : [sql`parent_recurring_task_id = ${query.parent_recurring_task_id}`]),
  ...(query.priority === undefined ? [] : [sql`priority = ${priorityRank(query.priority)}`]),
  ...(query.due_date_start === undefined
    ? []
    : [sql`due_at >= ${bound("due_date_start", query.due_date_start, zone).from}`]),
  ...(query.due_date_end === undefined ? [] : [sql`due_at < ${bound("due_date_end", query.due_date_end, zone).until}`]),
];

const statusFilter = (status: NonNullable<TaskQuery["status"]>, now: number): Fragment[] => {
  switch (status) {
    case "deleted":
      // What a series took back itself is in nobody's trash.
      return [sql`deleted_at IS NOT NULL AND occurrence_outcome IS DISTINCT FROM 'withdrawn'`];
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

/** A series is no task to do; its occurrences are. */
const kindFilter = (kind: NonNullable<TaskQuery["kind"]>): Fragment[] =>
  ({ task: [sql`recurrence_basis IS NULL`], series: [sql`recurrence_basis IS NOT NULL`], all: [] })[kind];

/** The instants a bound includes: from the beginning of what it names until just after its end. */
const bound = (field: string, text: string, zone: string): { from: Date; until: Date } => {
  const due = requireDueDate(field, text);
  const { dueAt, overdueAt } = dueSpan(due, zone);
  return { from: new Date(dueAt), until: new Date(due.kind === "date" ? overdueAt : dueAt + 1) };
};
