import pLimit from "p-limit";
import type { Database } from "../../adapters/db/database.ts";
import type { Logger, Metrics, ReminderTrigger } from "../../ports.ts";
import { type Claim, claimDue } from "./claim.ts";

export interface FiringDeps {
  readonly database: Database;
  readonly trigger: ReminderTrigger;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Events were committed to the outbox. */
  readonly onCommitted: () => void;
  readonly producer: string;
}

export interface Firing {
  /**
   * Gives what is due until nothing is, and sets the trigger for what is next. One run at a time: priorities hold
   * across batches.
   */
  run(signal: AbortSignal): Promise<void>;
  /** Whether it has ever been seen that nothing was due. */
  readonly isCaughtUp: boolean;
}

/** Later than this is worth a line in the log. */
const LATE_MS = 10_000;

export const createFiring = ({ database, trigger, log, metrics, onCommitted, producer }: FiringDeps): Firing => {
  const oneAtATime = pLimit(1);
  let startedAt: Date | undefined;
  let isCaughtUp = false;

  const start = async (): Promise<Date> => {
    const [row] = await database.prepared<{ now: Date }>("reminder-start", "SELECT clock_timestamp() AS now", []);
    if (row === undefined) throw new Error("the database did not say what time it is");
    return row.now;
  };

  const measure = ({ late }: Claim): void => {
    metrics.count("taskflow_reminders_fired_total", {}, late.length);
    for (const ms of late) metrics.observe("taskflow_reminder_late_seconds", ms / 1_000);
    const tooLate = late.filter((ms) => ms > LATE_MS);
    if (tooLate.length > 0)
      log.warn({ reminders: tooLate.length, most_ms: Math.max(...tooLate) }, "reminders were given late");
  };

  const fire = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      startedAt ??= await start();
      const claim = await claimDue(database, { producer, startedAt });
      if (claim.late.length > 0) onCommitted();
      measure(claim);
      if (claim.isMoreDue) continue;
      isCaughtUp = true;
      if (claim.next !== undefined) trigger.set(claim.next);
      return;
    }
  };

  return {
    run: (signal) => oneAtATime(() => fire(signal)),
    get isCaughtUp() {
      return isCaughtUp;
    },
  };
};
