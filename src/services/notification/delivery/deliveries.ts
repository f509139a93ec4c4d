import type { Channel } from "../../../contract/notification.ts";
import type { EventLog, Logger, Loop, Metrics, NotificationChannel, StartLoop } from "../../../ports.ts";
import type { PreferenceStore } from "../preferences/preference-store.ts";
import type { Queue } from "./queue.ts";
import type { NewDelivery } from "./rows.ts";
import { createWorker } from "./worker.ts";

/** How late a delivery may be found when its time has come; new ones are looked at when they come. */
const LOOK_MS = 1_000;
const RESCUE_MS = 30_000;
/** How long after a move to another zone what waits for the end of quiet hours may still be planned by the old one. */
const FOLLOW_ZONES_MS = 15_000;
const MEASURE_MS = 5_000;

export interface DeliveriesDeps {
  readonly channels: readonly NotificationChannel[];
  readonly queue: Queue;
  readonly preferences: PreferenceStore;
  readonly eventLog: EventLog;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  readonly leaseSeconds: number;
}

/** The workers of all channels. */
export interface Deliveries {
  start(): void;
  /** These were stored: whoever can deliver now, does. */
  wakeFor(deliveries: readonly NewDelivery[]): void;
  wake(channel?: Channel): void;
  stop(): Promise<void>;
}

export const createDeliveries = (deps: DeliveriesDeps): Deliveries => {
  const { channels, queue, metrics, startLoop } = deps;
  const loops = new Map<Channel, Loop>();
  let others: readonly Loop[] = [];

  const measure = async (): Promise<void> => {
    const overdue = await queue.overdue();
    for (const { name: channel } of channels)
      metrics.gauge("taskflow_notification_overdue_seconds", overdue.get(channel) ?? 0, { channel });
  };

  return {
    start() {
      for (const channel of channels)
        loops.set(
          channel.name,
          startLoop(`deliveries by ${channel.name}`, LOOK_MS, createWorker({ ...deps, channel })),
        );
      others = [
        startLoop("deliveries without their digest", RESCUE_MS, () => queue.rescue()),
        startLoop("quiet hours in another zone", FOLLOW_ZONES_MS, () => queue.followZones()),
        startLoop("overdue deliveries", MEASURE_MS, measure),
      ];
    },
    wakeFor(deliveries) {
      const due = new Set(
        deliveries
          .filter(({ status, digestId }) => status === "pending" && digestId === null)
          .map(({ channel }) => channel),
      );
      for (const channel of due) loops.get(channel)?.wake();
    },
    wake(channel) {
      for (const [name, loop] of loops) if (channel === undefined || channel === name) loop.wake();
    },
    async stop() {
      await Promise.all([...loops.values(), ...others].map((loop) => loop.stop()));
    },
  };
};
