import { DomainError } from "../../../contract/problem.ts";
import type { TaskQuery } from "../../../contract/task.ts";
import { parseCivil } from "../../../domain/civil.ts";

export type SortBy = NonNullable<TaskQuery["sort_by"]>;
export type SortOrder = NonNullable<TaskQuery["sort_order"]>;

/** Where a page ended: the sort value and the id of its last task. */
export interface Cursor {
  /**
   * An instant as PostgreSQL writes a timestamp in UTC (`infinity` or `-infinity` for none), a rank of a priority, or a title in lower
   * case.
   */
  readonly value: string;
  readonly id: string;
  /** How many tasks the first page counted; it stands for the pages after it. */
  readonly counted: Counted;
}

export interface Counted {
  readonly total: number;
  /** What was counted, as `countedOf` names it: another filter, or another user, counts again. */
  readonly of: string;
}

/** The cursor's text; it says which order it belongs to. */
export const writeCursor = (by: SortBy, order: SortOrder, { value, id, counted }: Cursor): string =>
  Buffer.from(JSON.stringify([by, order, value, id, counted.total, counted.of])).toString("base64url");

/**
 * Reads a cursor of the same order; `invalid_cursor` for any other, and for whatever the database could not compare
 * with.
 */
export const readCursor = (text: string, by: SortBy, order: SortOrder): Cursor => {
  const [sortBy, sortOrder, value, id, total, of] = parseJsonArray(Buffer.from(text, "base64url").toString("utf8"));
  const fits =
    sortBy === by &&
    sortOrder === order &&
    typeof value === "string" &&
    fitsSort(by, order, value) &&
    typeof id === "string" &&
    UUID.test(id) &&
    isCount(total) &&
    typeof of === "string";
  if (!fits)
    throw new DomainError(
      "invalid_cursor",
      "cursor: send the next_cursor of a page with the same sort_by and sort_order",
    );
  return { value, id, counted: { total, of } };
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d{1,6})?$/;

/** What stands for a missing instant, which is last in either order. */
export const noInstant = { asc: "infinity", desc: "-infinity" } as const;

const fitsSort = (by: SortBy, order: SortOrder, value: string): boolean => {
  if (by === "title") return !value.includes("\0");
  if (by === "priority") return /^[0-2]$/.test(value);
  return value === noInstant[order] || isTimestamp(value);
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** A date that no calendar has would be refused by the database only. */
const isTimestamp = (value: string): boolean => {
  const [, date, time] = TIMESTAMP.exec(value) ?? [];
  return date !== undefined && parseCivil(`${date}T${time}`) !== undefined;
};

const parseJsonArray = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};
