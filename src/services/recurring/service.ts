import type { Database } from "../../adapters/db/database.ts";
import { topics } from "../../contract/event.ts";
import { isSeries } from "../../domain/series/series-rule.ts";
import type { Clock, Logger, Loop, Metrics, Service, StartLoop, TaskApi } from "../../ports.ts";
import { createKeeper } from "./keeper.ts";
import { createSeriesStore } from "./series-store.ts";

export interface RecurringDeps {
  readonly database: Database;
  readonly taskApi: TaskApi;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
}

const name = "recurring-processor";
/** How late a date may be found when its time has come; events are looked at when they come. */
const SWEEP_MS = 500;

/**
 * Keeps every series' next occurrence in place. It learns of series by their own events, of which the task's version
 * says which is news; what it knows of a series is one row, and when to look at it is an index.
 */
export const createRecurringService = (deps: RecurringDeps): Service => {
  const { database, clock, startLoop } = deps;
  const store = createSeriesStore(database);
  const keeper = createKeeper({ ...deps, store });
  let sweep: Loop | undefined;
  let isSwept = false;

  return {
    name,
    subscriptions: [
      {
        consumer: name,
        topics: [topics["task.created"], topics["task.updated"], topics["task.completed"], topics["task.deleted"]],
        async handle(event) {
          if (!isSeries(event.task)) return;
          if (event.event_type === "task.deleted" && event.purged_at !== undefined)
            return store.forget([event.task_id]);
          if ((await store.learn([event.task], clock.now())) === 0) return;
          keeper.learned(event.task_id);
          sweep?.wake();
        },
      },
    ],
    routes: () => undefined,
    async start() {
      sweep = startLoop("recurring sweep", SWEEP_MS, async (signal) => {
        await keeper.keep(signal);
        isSwept = true;
      });
    },
    stop: async () => sweep?.stop(),
    setAside: () => keeper.setAside(),
    missing: async () => (isSwept ? [] : ["series have not been looked at since the start"]),
  };
};
