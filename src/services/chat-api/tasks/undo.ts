import type { Database } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { UndoAnswer } from "../../../contract/task.ts";
import { decideUndo } from "../../../domain/series/undo.ts";
import { taskBefore } from "../../../domain/task-event.ts";
import { seriesContext } from "./series-context.ts";
import { readEvents } from "./task-store.ts";
import type { UndoHandles } from "./undo-handle.ts";
import type { Actor, Answer, TaskWriter } from "./writer.ts";

/** Takes a whole write back, unless something it touched has changed since (409 `undo_conflict`). */
export type Undo = (actor: Actor, handle: string) => Promise<Answer<Omit<UndoAnswer, "undo">>>;

export const createUndo =
  (deps: { database: Database; writer: TaskWriter; newId: () => string; undoHandles: UndoHandles }): Undo =>
  async (actor, handle) => {
    const { database, writer, newId, undoHandles } = deps;
    const range = undoHandles.read(actor.userId, handle);
    const events = await readEvents(database, actor.userId, range);
    if (events.length !== range.last - range.first + 1)
      throw new DomainError("not_found", "no write has this undo handle");
    const first = new Map(events.toReversed().map((event) => [event.task_id, taskBefore(event)]));
    const last = new Map(events.map((event) => [event.task_id, event.task]));
    return writer.write(actor, [...first.keys()], (tasks, context) => {
      const changes = decideUndo(tasks, { first, last }, seriesContext(context, newId));
      return {
        changes,
        status: 200,
        body: { undone: [...first.keys()], tasks: changes.map(({ after }) => after) },
        derivedIds: true,
      };
    });
  };
