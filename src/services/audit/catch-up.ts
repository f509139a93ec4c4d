import type { Database } from "../../adapters/db/database.ts";
import type { EventLog, Logger, Metrics } from "../../ports.ts";
import { entryOf } from "./entry.ts";
import type { Recorder } from "./recorder.ts";
import { readWaiting, readWaitingUsers } from "./waiting.ts";

export interface CatchUpDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly recorder: Recorder;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Chains what waits, and reads from the event log what the bus did not bring. */
export interface CatchUp {
  /** Looks at what waits. Run every second. */
  chainWaiting(): Promise<void>;
  /**
   * Compares the ends of all chains with the event log. Run now and then: it finds a last event that never came, and
   * users from before the history.
   */
  compareHeads(): Promise<void>;
}

const USERS_A_ROUND = 500;
const PAGE = 500;
/** What is only late has come by then. */
const GIVE_UP_ON_BUS_SECONDS = 5;

export const createCatchUp = ({ database, eventLog, recorder, log, metrics }: CatchUpDeps): CatchUp => {
  /** Up to `through`, or as far as the log goes. */
  const readLog = async (userId: string, head: number, through: number): Promise<void> => {
    for (let after = head; after < through;) {
      const events = await eventLog.after(userId, after, PAGE);
      if (events.length === 0) return;
      await recorder.record(events.map(entryOf));
      after = events.at(-1)?.sequence ?? through;
      metrics.count("taskflow_audit_caught_up_total", {}, events.length);
    }
  };

  return {
    async chainWaiting() {
      await database.prepared("audit-waited", waitedStatement, []);
      const users = await readWaitingUsers(database, USERS_A_ROUND);
      metrics.gauge("taskflow_audit_waiting_users", users.length);
      const ready = users.filter(({ head, lowest }) => lowest === head + 1);
      if (ready.length > 0)
        await recorder.record(
          await readWaiting(
            database,
            ready.map(({ userId }) => userId),
          ),
        );
      const late = users.filter(({ head, lowest, seconds }) => lowest > head + 1 && seconds > GIVE_UP_ON_BUS_SECONDS);
      for (const { userId, head, lowest } of late) await readLog(userId, head, lowest - 1);
      metrics.gauge("taskflow_audit_waiting_seconds", Math.max(0, ...users.map(({ seconds }) => seconds)));
    },
    async compareHeads() {
      const behind = await database.prepared<{ user_id: string; head: number; through: number }>(
        "audit-behind",
        behindStatement,
        [],
      );
      for (const { user_id, head, through } of behind) await readLog(user_id, head, through);
      if (behind.length > 0) log.info({ users: behind.length }, "the history has caught up with the event log");
    },
  };
};

/** What another process chained while this one put it there. */
const waitedStatement =
  "DELETE FROM audit_waiting w USING audit_heads h WHERE w.user_id = h.user_id AND w.sequence <= h.sequence";

/**
 * Only what is old enough that it is not on its way: what is in the outbox will come. A closed account has no head any
 * more.
 */
const behindStatement = `
SELECT e.user_id, coalesce(h.sequence, 0) AS head, e.sequence AS through
FROM (SELECT user_id, sequence FROM event_heads UNION ALL SELECT user_id, last_sequence FROM account_erasures) e LEFT JOIN audit_heads h USING (user_id)
WHERE e.sequence > coalesce(h.sequence, 0) AND NOT EXISTS (SELECT FROM outbox o WHERE o.user_id = e.user_id)
  AND EXISTS (SELECT FROM events l WHERE l.user_id = e.user_id AND l.sequence = coalesce(h.sequence, 0) + 1 AND l.created_at < now() - interval '1 minute')
LIMIT 1000`;
