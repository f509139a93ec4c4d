import { setTimeout as delay } from "node:timers/promises";
import type { Channel, NotificationDelivery } from "../../../contract/notification.ts";
import type { Clock } from "../../../ports.ts";
import type { DeliveryLog } from "./delivery-log.ts";
import type { Queue } from "./queue.ts";
import type { NewDelivery, NewNotification } from "./rows.ts";

const LOOK_MS = 25;
/** How long an answer waits for the outcome, and for other replicas to say that they have put it on streams. */
const LONGEST_MS = 5_000;
const OTHERS_MS = 250;

export interface TrialDeps {
  readonly queue: Queue;
  readonly log: Pick<DeliveryLog, "list">;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly onStored: (deliveries: readonly NewDelivery[]) => void;
}

/** Sends a test notification by a channel, whatever the preferences are, and answers what became of it. */
export const createTrial =
  ({ queue, log, clock, newId, onStored }: TrialDeps) =>
  async (userId: string, channel: Channel): Promise<NotificationDelivery | undefined> => {
    const now = clock.now();
    const notification: NewNotification = {
      id: newId(),
      user_id: userId,
      type: "test",
      title: "A test",
      body: `This is how notifications reach you by ${channel}.`,
      task_id: null,
      event_id: null,
      sequence: null,
      reminder_id: null,
      critical: false,
      count: 1,
      occurred_at: new Date(now),
      in_inbox: channel === "inbox",
      created_at: null,
    };
    const delivery: NewDelivery = {
      notification,
      channel,
      status: channel === "inbox" ? "delivered" : "pending",
      reason: null,
      dueAt: now,
      digestId: null,
    };
    await queue.add([notification], [delivery]);
    onStored([delivery]);
    const look = async () =>
      (await log.list(userId, { filter: { notification_id: notification.id }, after: undefined, limit: 1 }))[0];
    const finished = await lookUntil(
      look,
      LONGEST_MS,
      (found) => found?.status !== "pending" || (found.attempts > 0 && found.reason !== null),
    );
    return finished?.reason === "no open stream"
      ? lookUntil(look, OTHERS_MS, (found) => found?.reason !== "no open stream")
      : finished;
  };

/** Looks until it is so, or the time is over; answers what was seen last. */
const lookUntil = async <T>(look: () => Promise<T>, longestMs: number, isSo: (seen: T) => boolean): Promise<T> => {
  const end = performance.now() + longestMs;
  for (;;) {
    const seen = await look();
    if (isSo(seen) || performance.now() > end) return seen;
    await delay(LOOK_MS);
  }
};
