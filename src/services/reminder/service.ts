import type { Database } from "../../adapters/db/database.ts";
import { topics } from "../../contract/event.ts";
import type { Clock, DeliveryTrace, Logger, Loop, Metrics, ReminderTrigger, Service, StartLoop } from "../../ports.ts";
import { createFiring } from "./firing.ts";
import { learn } from "./learn.ts";
import { measureOverdue, measurePending } from "./measure.ts";
import { reminderRoutes } from "./routes.ts";

export interface ReminderDeps {
  readonly database: Database;
  readonly trigger: ReminderTrigger;
  readonly deliveryTrace: DeliveryTrace;
  /** For words only: reminders go by the database's. */
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  /** Events were committed to the outbox. */
  readonly onCommitted: () => void;
}

const name = "reminder-service";
const OVERDUE_MS = 5_000;
const PENDING_MS = 60_000;

/**
 * Knows every pending reminder, by the events of tasks alone, and gives each at its instant by the database's clock.
 * What is due is decided by one statement over the schedule; the trigger and the sweep only decide when it is run.
 */
export const createReminderService = (deps: ReminderDeps): Service => {
  const { database, trigger, log, metrics, startLoop } = deps;
  const firing = createFiring({ ...deps, producer: name });
  const stopping = new AbortController();
  let loops: readonly Loop[] = [];
  let isAway = false;

  /**
   * A database that is away is looked for again at the next sweep; a loop's own backoff would grow longer than a
   * reminder may be late.
   */
  const sweep = async (signal: AbortSignal): Promise<void> => {
    try {
      await firing.run(signal);
      isAway = false;
    } catch (error) {
      if (!isAway && !signal.aborted)
        log.warn({ err: error }, "reminders could not be looked at; trying until they can");
      isAway = true;
    }
  };

  return {
    name,
    subscriptions: [
      {
        consumer: name,
        topics: [topics["task.created"], topics["task.updated"], topics["task.completed"], topics["task.deleted"]],
        async handle(event) {
          if (event.event_type === "task.reminder.triggered")
            throw new Error("reminder-service does not listen to itself");
          const { isNews, next } = await learn(database, event);
          if (isNews) metrics.count("taskflow_reminder_tasks_learned_total");
          if (next !== undefined) trigger.set(next);
        },
      },
    ],
    routes: (app) => reminderRoutes(app, deps),
    async start() {
      trigger.start(() => firing.run(stopping.signal));
      loops = [
        startLoop("reminder sweep", trigger.sweepMs, sweep),
        startLoop("reminders overdue", OVERDUE_MS, () => measureOverdue(database, metrics)),
        startLoop("reminders pending", PENDING_MS, () => measurePending(database, metrics)),
      ];
    },
    async stop() {
      stopping.abort();
      await Promise.all([trigger.stop(), ...loops.map((loop) => loop.stop())]);
      // After what the trigger woke last: it looks no further.
      await firing.run(stopping.signal);
    },
    missing: async () => [
      ...(firing.isCaughtUp ? [] : ["reminders have not been looked at since the start"]),
      ...trigger.missing(),
    ],
  };
};
