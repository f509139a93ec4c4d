import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../src/adapters/db/database.ts";
import type { Task, TaskFields } from "../../src/contract/task.ts";
import { createTask, patchTask, type TaskChange, type WriteContext } from "../../src/domain/task.ts";
import { commit } from "../../src/services/chat-api/tasks/commit.ts";

export interface Past {
  readonly tasks: number;
  readonly events: number;
  /** Epoch ms; the writes are evenly spread from the one to the other. */
  readonly from: number;
  readonly to: number;
}

const BATCH = 500;
const DAY_MS = 86_400_000;
const STRIDE = 7_919;
const clock = { zone: "UTC", allDayHour: 9 };

/**
 * A user's past as chat-api itself writes it: new tasks evenly among changes of those that are there. Nothing waits in
 * the outbox afterwards: nobody is to be told.
 */
export const writePast = async (
  database: Database,
  userId: string,
  { tasks: count, events, from, to }: Past,
): Promise<void> => {
  const tasks: Task[] = [];
  const change = (number: number, context: WriteContext): TaskChange => {
    const index = (number * count) % events < count ? tasks.length : (number * STRIDE) % tasks.length;
    const before = tasks[index];
    const decided =
      before === undefined
        ? createTask(
            { title: `Task ${number}`, description: "Words of usual length, a line or so." },
            { id: uuidv7(), userId },
            context,
          )
        : patchTask(before, patchOf(number, context), context);
    if (decided.change === null) throw new Error("each patch changes its task");
    tasks[index] = decided.change.after;
    return decided.change;
  };
  for (let written = 0; written < events; written += BATCH) {
    const context: WriteContext = { now: Math.round(from + ((to - from) * written) / events), ...clock, newId: uuidv7 };
    const changes = Array.from({ length: Math.min(BATCH, events - written) }, (_, index) =>
      change(written + index, context),
    );
    const { outcome } = await commit(database, uuidv7, {
      userId,
      changes,
      clockRead: clock,
      event: { ...context, actorId: userId, actorKind: "person", correlationId: uuidv7() },
    });
    if (outcome !== "committed") throw new Error(`a write of the past was ${outcome}`);
  }
  await database.prepared("bench-told", "DELETE FROM outbox", []);
};

const patchOf = (number: number, { now }: WriteContext): TaskFields => {
  const title = `Task, change ${number}`;
  const patches: readonly TaskFields[] = [
    { title },
    { title, due_date: new Date(now + (number % 60) * DAY_MS).toISOString().slice(0, 10) },
    { title, priority: (["low", "medium", "high"] as const)[number % 3] ?? "low" },
    { title, completed: number % 2 === 0 },
  ];
  return patches[number % patches.length] ?? { title };
};
