import type { TaskFlowEvent } from "../contract/event.ts";
import type { EventLog } from "../ports.ts";
import type { Database } from "./db/database.ts";

const afterStatement = `
SELECT sequence, data FROM events WHERE user_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`;

/** One snapshot for both, so that an event committed in between cannot make a gap out of nothing. */
const rangeStatement = `
SELECT h.sequence AS head, coalesce((SELECT min(sequence) FROM events WHERE user_id = $1), h.sequence + 1) AS oldest
FROM event_heads h WHERE h.user_id = $1`;

const headsStatement = `SELECT user_id, sequence FROM event_heads WHERE user_id = ANY ($1::uuid[])`;

/** An event as its row keeps it: the place in the sequence is a column of its own. */
interface EventRow {
  readonly sequence: number;
  readonly data: Omit<TaskFlowEvent, "sequence">;
}

/** The event log in PostgreSQL. A user without a head (a closed account) has an empty log and is missing from `heads`. */
export const createEventLog = (database: Pick<Database, "prepared">): EventLog => ({
  async after(userId, sequence, limit) {
    const rows = await database.prepared<EventRow>("events-after", afterStatement, [userId, sequence, limit]);
    return rows.map((row) => ({ ...row.data, sequence: row.sequence }) as TaskFlowEvent);
  },
  async range(userId) {
    const [row] = await database.prepared<{ head: number; oldest: number }>("events-range", rangeStatement, [userId]);
    return row ?? { head: 0, oldest: 1 };
  },
  async heads(userIds) {
    const rows = await database.prepared<{ user_id: string; sequence: number }>("event-heads", headsStatement, [userIds]);
    return new Map(rows.map((row) => [row.user_id, row.sequence]));
  },
});
