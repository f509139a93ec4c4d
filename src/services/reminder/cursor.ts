import { DomainError } from "../../contract/problem.ts";
import { isInstantText } from "../../domain/instant-text.ts";

/** Where a page of reminders ended. `at` is null for those without an instant, which come last. */
export interface ReminderCursor {
  /** RFC 3339 in UTC with milliseconds. */
  readonly at: string | null;
  readonly reminderId: string;
  readonly taskId: string;
}

export const writeCursor = ({ at, reminderId, taskId }: ReminderCursor): string =>
  Buffer.from(JSON.stringify([at, reminderId, taskId])).toString("base64url");

/** @throws DomainError `invalid_cursor` */
export const readCursor = (text: string): ReminderCursor => {
  const [at, reminderId, taskId] = decode(text);
  if ((at === null || isInstantText(at)) && isUuid(reminderId) && isUuid(taskId)) return { at, reminderId, taskId };
  throw new DomainError("invalid_cursor", "cursor: send the next_cursor of a page of the same list");
};

const decode = (text: string): readonly unknown[] => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isUuid = (value: unknown): value is string => typeof value === "string" && UUID.test(value);
