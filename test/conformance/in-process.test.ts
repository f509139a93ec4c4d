import type { TestContext } from "node:test";
import { v7 as uuidv7 } from "uuid";
import { createInProcessBus } from "../../src/adapters/bus/in-process.ts";
import { createDeadLetters } from "../../src/adapters/dead-letters.ts";
import { createLoops } from "../../src/adapters/loop.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { startRelay, type Relay } from "../../src/adapters/event-log/relay.ts";
import { waitingInOutbox, writeToOutbox } from "../outbox/events.ts";
import { createMigratedDatabase, silent as log } from "../outbox/migrated-database.ts";
import { busConformance, policy, type BusHarness } from "./bus.ts";

/** All replicas in one bus: broadcast or not, each subscription of this process gets every event. */
const createHarness = async (t: TestContext): Promise<BusHarness> => {
  const { database, drop } = await createMigratedDatabase();
  t.after(drop);
  const deadLetters = createDeadLetters(database, uuidv7);
  let relay: Relay | undefined;
  return {
    mostUnderWay: 512,
    async start(replicas) {
      const metrics = createMetrics();
      const bus = createInProcessBus({ ...policy, deadLetters, log, metrics });
      for (const subscription of replicas.flat()) bus.subscribe(subscription);
      await bus.start();
      const started = startRelay({
        database,
        bus,
        producer: "chat-api",
        log,
        metrics,
        startLoop: createLoops(log),
        backoff: policy.backoff,
      });
      relay = started;
      return {
        async stop() {
          await Promise.all([started.stop(), bus.stop()]);
        },
      };
    },
    async emit(events) {
      await writeToOutbox(database, events);
      relay?.wake();
    },
    waiting: () => waitingInOutbox(database),
    deadLetters: () => deadLetters.list({ limit: 1_000 }),
  };
};

busConformance("the in-process bus", createHarness);
