import type { Database } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { ReminderClock } from "../../../domain/reminder/instant.ts";
import { type ClockChanges, moveToClock, type TaskChange, type TaskContext } from "../../../domain/task.ts";
import type { Clock, LongWork, ProcessorShare } from "../../../ports.ts";
import { commit } from "./commit.ts";
import { type TaskRow, taskFromRow } from "./task-row.ts";
import { readTasks } from "./task-store.ts";
import type { Actor } from "./writer.ts";

const MOST_TRIES = 20;

export interface ClockMoveDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly processorShare: ProcessorShare;
  readonly onCommitted: () => void;
}

/**
 * Moves a user to another zone, or all-day tasks to another hour: the clock, every due date and reminder that follows
 * it, and a `task.updated` for each task that moves, in one write. Consumers learn of the move by these events alone.
 * Safe to repeat.
 */
export const createClockMove =
  (deps: ClockMoveDeps) =>
  async (actor: Actor, wanted: Partial<ReminderClock>): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { clock: clockRead, sequence: sequenceRead } = await readTasks(deps.database, actor.userId, []);
      if (clockRead === undefined) throw new DomainError("unauthenticated", "this account is closed");
      const clock = { ...clockRead, ...wanted };
      if (clock.zone === clockRead.zone && clock.allDayHour === clockRead.allDayHour) return;
      const moved = clockChanges(clockRead, clock);
      const context = { now: deps.clock.now(), ...clock };
      // Whatever is added after the sequence was read would stay behind, so the write holds at that sequence only.
      const rows = await readFollowing(deps.database, actor.userId, clock.zone !== clockRead.zone);
      const work = deps.processorShare.begin(actor.userId);
      const changes = await followAll(rows, context, moved, work);
      const write = { userId: actor.userId, changes, clockRead, sequenceRead, event: { ...actor, ...context } };
      const result = await commit(deps.database, deps.newId, write, work);
      if (result.outcome === "committed") return deps.onCommitted();
    }
    throw new DomainError(
      "unavailable",
      "tasks are being written too fast to move them to another clock; nothing was moved",
      { retryAfter: 1 },
    );
  };

const clockChanges = (old: ReminderClock, now: ReminderClock): ClockChanges => ({
  ...(old.zone === now.zone ? {} : { time_zone: { old: old.zone, new: now.zone } }),
  ...(old.allDayHour === now.allDayHour ? {} : { all_day_hour: { old: old.allDayHour, new: now.allDayHour } }),
});

/** What follows the clock: in another zone whatever has a due date, at another hour reminders only. */
const readFollowing = (database: Database, userId: string, isOtherZone: boolean): Promise<TaskRow[]> => {
  const due = database.kysely
    .selectFrom("tasks")
    .selectAll()
    .where("user_id", "=", userId)
    .where("due_date", "is not", null);
  return (isOtherZone ? due : due.where("reminders", "is not", null)).execute();
};

const followAll = async (
  rows: readonly TaskRow[],
  context: TaskContext,
  clock: ClockChanges,
  work: LongWork,
): Promise<readonly TaskChange[]> => {
  const changes: TaskChange[] = [];
  for (const row of rows) {
    await work.giveWay();
    const change = moveToClock(taskFromRow(row), context);
    if (change !== null) changes.push({ ...change, clock });
  }
  return changes;
};
