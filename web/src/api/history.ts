import type { AuditEntry, AuditLog, AuditLogQuery, TaskHistory } from "../../../src/contract/audit.ts";
import type { KnownPast } from "../../../src/contract/time-travel.ts";
import { authorized, useSession } from "./session.ts";

/** Which entries are asked for; without any of it, all of the user's. */
export type LogFilter = Pick<AuditLogQuery, "event_type" | "actor_id" | "task_id" | "from" | "to">;

/** A page of the user's own history, newest first. Throws what {@link authorized} throws. */
export const readLog = async (
  filter: LogFilter,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<AuditLog> =>
  get<AuditLog>("/audit-logs", { user_id: useSession.getState().session?.user.id, ...filter, ...page });

/** A page of a task's history, oldest first. Throws what {@link authorized} throws. */
export const readTaskHistory = async (taskId: string, cursor: string | undefined): Promise<TaskHistory> =>
  get<TaskHistory>(`/audit/tasks/${taskId}`, { limit: 100, cursor });

/** From when on the user's tasks are known. Throws what {@link authorized} throws. */
export const readKnownPast = async (): Promise<KnownPast> => get<KnownPast>("/tasks/known-past", {});

const newest = 20;

/**
 * The sequence up to which the user's history has every entry; 0 while it has none. An entry has a hash as soon as all
 * before it are there.
 */
export const recordedThrough = async (): Promise<number> =>
  completeThrough((await readLog({}, { limit: newest })).events);

const completeThrough = (entries: readonly AuditEntry[]): number =>
  Math.max(0, ...entries.filter(({ hash }) => hash !== null).map(({ sequence }) => sequence));

const get = async <T>(path: string, query: Readonly<Record<string, string | number | undefined>>): Promise<T> => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return (await authorized<T>({ method: "GET", path: `${path}?${new URLSearchParams(given)}` })).body;
};
