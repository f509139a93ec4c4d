import type { TaskFlowEvent } from "../contract/event.ts";
import { topics } from "../contract/event.ts";
import type { DeadLetter, DeadLetters, Loop, StartLoop, Subscription } from "../ports.ts";
import { createDelivery, type DeliveryOptions } from "./bus/delivery.ts";
import { createEventReader } from "./bus/event-reader.ts";

export interface DeadLetterReplayOptions extends DeliveryOptions {
  readonly deadLetters: DeadLetters;
  /** Of the services that run in this process. */
  readonly subscriptions: readonly Subscription[];
  readonly startLoop: StartLoop;
  /** How often to look for letters that someone asked for, in milliseconds. */
  readonly pollMs?: number;
}

const PAGE = 100;

/**
 * Gives dead letters to their consumers again when someone has asked (`taskflow dead-letters replay`): a flag in the
 * table, so it works from any process to any number of others. Two replicas may take the same one; consumers bear that.
 */
export const startDeadLetterReplay = (options: DeadLetterReplayOptions): Pick<Loop, "stop"> => {
  const { deadLetters, subscriptions, startLoop, log, pollMs = 2_000 } = options;
  const delivery = createDelivery(options);
  const readEvent = createEventReader();
  const consumers = [...new Set(subscriptions.map(({ consumer }) => consumer))];

  const replay = async (letter: DeadLetter): Promise<void> => {
    let failed = false;
    const keep = async (reason: string, attempts: number): Promise<void> => {
      failed = true;
      await deadLetters.add({ ...letter, reason, attempts });
    };
    const read = readEvent(letter.event);
    if ("reason" in read) return keep(`not a valid event: ${read.reason}`, 1);
    const interested = subscriptions.filter(
      ({ consumer, topics: wanted }) => consumer === letter.consumer && wanted.includes(topicOf(read.event)),
    );
    if (interested.length === 0) return keep(`${letter.consumer} has no consumer for ${topicOf(read.event)}`, 1);
    for (const subscription of interested)
      await delivery.deliver(subscription, read.event, ({ reason, attempts }) => keep(reason, attempts));
    if (failed) return;
    await deadLetters.remove(letter.id);
    log.info({ consumer: letter.consumer, event_id: read.event.event_id }, "a dead letter was replayed");
  };

  const loop = startLoop("dead letter replay", pollMs, async (signal) => {
    if (consumers.length === 0) return;
    for (;;) {
      const letters = await deadLetters.awaitingReplay(consumers, PAGE);
      if (letters.length === 0) return;
      for (const letter of letters) {
        signal.throwIfAborted();
        await replay(letter);
      }
    }
  });

  return {
    async stop() {
      await Promise.all([delivery.stop(), loop.stop()]);
    },
  };
};

const topicOf = ({ event_type }: TaskFlowEvent) => topics[event_type];
