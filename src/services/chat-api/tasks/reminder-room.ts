import type { Database } from "../../../adapters/db/database.ts";
import { DomainError } from "../../../contract/problem.ts";
import { checkDemand, reminderDemand } from "../../../domain/reminder/limit.ts";
import type { TaskChange } from "../../../domain/task.ts";
import { netChanges } from "./commit.ts";

/*
 * One snapshot of what a user's reminders are and of the sequence that says so. `remind_until` leaves out the tasks whose reminders are all
 * over, so that the count costs what is pending and not what ever was. `OFFSET 0` keeps each id a look into the index.
 */
const roomStatement = `
SELECT h.sequence, (
  SELECT count(*) FROM tasks t CROSS JOIN LATERAL jsonb_to_recordset(t.reminders) AS r (remind_at timestamptz, set_at timestamptz, acknowledged_at text)
  WHERE t.user_id = $1 AND t.remind_until > $2 AND r.acknowledged_at IS NULL AND r.remind_at > $2 AND r.remind_at > r.set_at
) AS pending, (
  SELECT count(*) FROM unnest($3::text[]) AS new (id) CROSS JOIN LATERAL (
    SELECT id, user_id FROM tasks WHERE jsonb_path_query_array(reminders, '$[*].id') @> jsonb_build_array(new.id) OFFSET 0
  ) t WHERE t.user_id = $1 AND t.id <> ALL ($4::uuid[])
) > 0 AS taken
FROM event_heads h WHERE h.user_id = $1`;

/**
 * Checks that a user's reminders leave room for a write. Answers the sequence at which they do, where the write depends
 * on it: with another one the write must be decided again.
 * @throws DomainError `reminder_limit`, or `conflict` for an id that a reminder of another task of the user has
 */
export const findReminderRoom = async (
  db: Database,
  userId: string,
  changes: readonly TaskChange[],
  now: number,
): Promise<number | undefined> => {
  const net = netChanges(changes);
  const demand = reminderDemand(net, now);
  if (demand.more <= 0 && demand.newIds.length === 0) return undefined;
  type Row = { sequence: number; pending: number; taken: boolean };
  const [row] = await db.prepared<Row>("reminder-room", roomStatement, [
    userId,
    new Date(now),
    demand.newIds,
    net.map(({ after }) => after.id),
  ]);
  if (row === undefined) throw new DomainError("unauthenticated", "this account is closed");
  checkDemand(demand, row.pending, row.taken);
  return row.sequence;
};
