import type { BulkAnswer, Task, WrittenTask } from "../../../src/contract/task.ts";
import { readLog } from "./history.ts";
import { Refused } from "./http.ts";
import type { Command, Operation } from "./operation.ts";
import { authorized } from "./session.ts";
import type { Written } from "./submit.ts";
import { isOutdated, type TextNews } from "./texts.ts";

type Update = Extract<Command, { kind: "update" }>;

/** What this device keeps, as far as sending an update needs it. */
export interface KnownTasks {
  /** The task as the server last told it. */
  task(id: string): Promise<Task | undefined>;
  /** Keeps an operation in another form: it is sent in that form from now on. */
  rebase(operationId: string, command: Command): Promise<void>;
}

/** After so many changes by others in between, the rest waits for the next attempt. */
const MAX_TRIES = 5;

/**
 * Sends an update. One of texts says which version it was made for, so that nothing another device has written
 * meanwhile is replaced unseen: it is merged with that, kept merged, and sent again.
 */
export const submitUpdate = async (operation: Operation, command: Update, known: KnownTasks): Promise<Written> => {
  let update = command;
  let news: TextNews | null = null;
  let current = await known.task(command.id);
  for (let tries = 1; ; tries += 1) {
    const resolved = current === undefined ? null : await resolve(update, operation.at, current);
    if (resolved !== null) {
      ({ update, news } = resolved);
      await known.rebase(operation.id, update);
    }
    try {
      const written = await sendUpdate(operation, update, current?.version);
      return news === null ? written : { ...written, news };
    } catch (error) {
      const present = error instanceof Refused && error.status === 412 ? error.problem.task : undefined;
      if (present === undefined || tries === MAX_TRIES) throw error;
      current = present as Task;
    }
  }
};

/** Null when nothing is in the way of the update. Throws {@link Refused} when what it says has been overtaken. */
const resolve = async (
  update: Update,
  at: string,
  current: Task,
): Promise<{ readonly update: Update; readonly news: TextNews } | null> => {
  const { patch, base } = update;
  if (base === undefined) return null;
  const isRename = isOutdated({ patch, base }, current, "title");
  if (!isRename && !isOutdated({ patch, base }, current, "description")) return null;
  const { resolveTexts } = await import("./resolve-texts.ts");
  const renamedAt = isRename ? await lastRenamedAt(current) : current.updated_at;
  const resolved = resolveTexts({ patch, base, at }, current, renamedAt);
  if ("code" in resolved) throw new Refused(409, { code: resolved.code, detail: resolved.message }, null);
  return { update: { ...update, patch: resolved.patch, base: resolved.base }, news: resolved.news };
};

const ENTRIES_READ = 50;

/** When a task got its title, by its history; where that is behind, or does not say, when the task last changed. */
const lastRenamedAt = async ({ id, version, updated_at }: Task): Promise<string> => {
  const { events } = await readLog({ task_id: id }, { limit: ENTRIES_READ });
  if (!events.some(({ task_version }) => task_version === version)) return updated_at;
  return events.find(({ changes }) => "title" in changes)?.timestamp ?? updated_at;
};

const sendUpdate = async (operation: Operation, update: Update, version: number | undefined): Promise<Written> => {
  const { id, patch, scope, base } = update;
  if (scope === undefined) {
    const isBound = base !== undefined && version !== undefined;
    const headers: Record<string, string> = isBound ? { "if-match": `"${version}"` } : {};
    const { body } = await authorized<WrittenTask>({ method: "PATCH", path: `/tasks/${id}`, body: patch, headers });
    const { undo, warnings, ...task } = body;
    return { tasks: [task], undo, warnings };
  }
  const { body } = await authorized<BulkAnswer>({
    method: "POST",
    path: "/tasks/bulk",
    body: { operations: [{ op: "update", id, patch, scope }] },
    headers: { "idempotency-key": operation.id },
  });
  return standing(body);
};

/**
 * The answer to a change of several dates of a series as a bulk of one: it has the date on which the change shows
 * already, where a PATCH answers the series. A date that another one replaces stays until that is there.
 */
const standing = ({ tasks, ...answer }: Written): Written => ({
  ...answer,
  tasks: tasks.filter(({ deleted_at }) => deleted_at === null),
});
