import { topics } from "../../contract/event.ts";
import type { Bus, DeadLetters, Subscription } from "../../ports.ts";
import { createDelivery, type DeliveryOptions } from "./delivery.ts";

export interface InProcessBusOptions extends DeliveryOptions {
  readonly deadLetters: Pick<DeadLetters, "add">;
}

/**
 * The bus of the single process. It keeps nothing itself: `publish` resolves when every consumer has taken the event or
 * its dead letter is stored, so what was not acknowledged is still in the outbox and comes again after the next start.
 * How much is under way at once is bounded by the publisher.
 */
export const createInProcessBus = (options: InProcessBusOptions): Bus => {
  const { deadLetters } = options;
  const delivery = createDelivery(options);
  const subscriptions: Subscription[] = [];

  return {
    subscribe(subscription) {
      subscriptions.push(subscription);
    },
    start: () => Promise.resolve(),
    async publish(event) {
      const topic = topics[event.event_type];
      const interested = subscriptions.filter((subscription) => subscription.topics.includes(topic));
      const deliveries = await Promise.allSettled(
        interested.map((subscription) => delivery.deliver(subscription, event, deadLetters.add)),
      );
      const failed = deliveries.find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    },
    stop: () => delivery.stop(),
    missing: () => Promise.resolve([]),
  };
};
