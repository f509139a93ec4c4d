import type { Database } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import { moveToZone } from "../../../domain/task.ts";
import type { Clock } from "../../../ports.ts";
import { commit } from "./commit.ts";
import { taskFromRow } from "./task-row.ts";
import { readTasks } from "./task-store.ts";
import type { Actor } from "./writer.ts";

const MOST_TRIES = 5;

/**
 * Moves a user to another zone: the zone, every date and wall-clock due date, and a `task.updated` for each of them,
 * in one write. Consumers learn of the move by these events alone. Safe to repeat.
 */
export const createZoneMove =
  (deps: { database: Database; clock: Clock; newId: () => string; onCommitted: () => void }) =>
  async (actor: Actor, zone: string): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const { zone: zoneRead } = await readTasks(deps.database, actor.userId, []);
      if (zoneRead === undefined) throw new DomainError("unauthenticated", "this account is closed");
      if (zoneRead === zone) return;
      const now = deps.clock.now();
      const rows = await deps.database.kysely.selectFrom("tasks").selectAll().where("user_id", "=", actor.userId).where("due_date", "is not", null).execute();
      const changes = rows.flatMap((row) => moveToZone(taskFromRow(row), { now, zone }) ?? []);
      const result = await commit(deps.database, deps.newId, { userId: actor.userId, changes, zoneRead, event: { ...actor, now, zone } });
      if (result.outcome === "committed") return deps.onCommitted();
    }
    throw new DomainError("unavailable", "tasks are being written too fast to move them to another zone; nothing was moved", { retryAfter: 1 });
  };
