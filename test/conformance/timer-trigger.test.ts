import type { TestContext } from "node:test";
import { createTimerTrigger } from "../../src/adapters/reminder-trigger/timer.ts";
import type { Service } from "../../src/ports.ts";
import { createReminderBench } from "../reminder/bench.ts";
import { triggerConformance, type TriggerHarness } from "./trigger.ts";

const createHarness = async (t: TestContext): Promise<TriggerHarness> => {
  const bench = await createReminderBench();
  t.after(bench.drop);
  return {
    bench,
    async start(t, replicas) {
      const services = Array.from({ length: replicas }, () => bench.replica(createTimerTrigger())) as [
        Service,
        ...Service[],
      ];
      for (const service of services) await service.start();
      const stop = async (): Promise<void> => {
        await Promise.all(services.map((service) => service.stop()));
      };
      t.after(stop);
      return { services, stop };
    },
  };
};

triggerConformance("the built-in timer", createHarness);
