import type { ChannelResult, EventLog, Logger, Metrics, NotificationChannel } from "../../../ports.ts";
import type { PreferenceStore } from "../preferences/preference-store.ts";
import { pauseAfter } from "./backoff.ts";
import { digestFor } from "./digest.ts";
import type { Outcome, Queue, Waiting } from "./queue.ts";
import { type Step, stepOf, stepOfDigest, type Telling } from "./telling.ts";

export interface WorkerDeps {
  readonly channel: NotificationChannel;
  readonly queue: Queue;
  readonly preferences: PreferenceStore;
  readonly eventLog: EventLog;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How long a channel may take for a batch before another worker takes it up. */
  readonly leaseSeconds: number;
}

/**
 * The worker of a channel: takes what is due, looks once more whether it is wanted and still so, delivers, and keeps
 * what became of it. A worker that dies in between leaves it to the next one, so that a channel may be given a delivery
 * twice, by the same id.
 */
export const createWorker = (deps: WorkerDeps) => {
  const { channel, queue, preferences, eventLog, leaseSeconds } = deps;

  const stepsOf = async (claimed: readonly Waiting[]): Promise<readonly Step[]> => {
    const digests = claimed.filter(({ type }) => type === "digest");
    const members = await queue.membersOf(digests.map(({ delivery_id }) => delivery_id));
    const all = [...claimed, ...members];
    const [{ of, now }, changed] = await Promise.all([
      preferences.read(all.map(({ user_id }) => user_id)),
      eventLog.changedSince(all.flatMap(taskOf)),
    ]);
    const present = { channel: channel.name, of, changed, now };
    return claimed.map((waiting) =>
      waiting.type === "digest"
        ? stepOfDigest(
            waiting,
            members.filter(({ digest_id }) => digest_id === waiting.delivery_id),
            present,
          )
        : stepOf(waiting, present),
    );
  };

  const putOff = async (waiting: Waiting, until: number): Promise<void> => {
    const { notification, delivery, deliveryId } = digestFor(waiting.user_id, channel.name, until);
    if (deliveryId === waiting.delivery_id) return queue.postpone(deliveryId, until);
    await queue.add([notification], [delivery]);
    // There is one digest for each end of quiet hours, also when the hours or the zone became others meanwhile.
    if (waiting.type === "digest") return queue.rejoin(waiting.delivery_id, { id: deliveryId, until });
    await queue.putOff([{ id: waiting.delivery_id, until, digestId: deliveryId }]);
  };

  const tell = async (tellings: readonly Telling[]): Promise<readonly Outcome[]> => {
    if (tellings.length === 0) return [];
    const results = await channel
      .deliver(tellings.map(({ due }) => due))
      .catch((error: unknown) => asFailures(error, tellings.length));
    const told = tellings.map((telling, index) => ({
      telling,
      result: results[index] ?? { failed: "the channel gave no answer" },
    }));
    await queue.retry(told.flatMap(({ telling, result }) => retryOf(telling, result)));
    return told.flatMap(({ telling, result }) => outcomesOf(telling, result));
  };

  const process = async (claimed: readonly Waiting[]): Promise<void> => {
    const steps = await stepsOf(claimed);
    for (const step of steps) if (step.kind === "put off") await putOff(step.waiting, step.until);
    const told = await tell(steps.flatMap((step) => (step.kind === "tell" ? [step.telling] : [])));
    const outcomes = [...steps.flatMap((step) => (step.kind === "put off" ? [] : step.outcomes)), ...told];
    await queue.finish(outcomes);
    observe(deps, claimed, outcomes);
  };

  return async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const claimed = await queue.claim(channel.name, channel.batch, leaseSeconds);
      if (claimed.length > 0) await process(claimed);
      if (claimed.length < channel.batch) return;
    }
  };
};

const taskOf = ({ user_id, task_id, sequence }: Waiting) =>
  task_id === null || sequence === null ? [] : [{ userId: user_id, taskId: task_id, sequence }];

const asFailures = (error: unknown, count: number): readonly ChannelResult[] =>
  Array.from({ length: count }, () => ({ failed: error instanceof Error ? error.message : String(error) }));

const isOver = ({ claimed }: Telling, result: { readonly permanent?: boolean }): boolean =>
  result.permanent === true || pauseAfter(claimed.attempts) === undefined;

const retryOf = (telling: Telling, result: ChannelResult) => {
  const pauseSeconds = pauseAfter(telling.claimed.attempts);
  if ("reached" in result || pauseSeconds === undefined || isOver(telling, result)) return [];
  return [{ id: telling.claimed.id, reason: result.failed, pauseSeconds }];
};

const outcomesOf = (telling: Telling, result: ChannelResult): readonly Outcome[] => {
  const { due, claimed, settles } = telling;
  if ("reached" in result)
    return [{ id: due.deliveryId, status: "delivered", reason: null, reached: result.reached }, ...settles];
  if (!isOver(telling, result)) return [];
  // What waits for a digest that is dead is tried by itself.
  return [{ id: claimed.id, status: "failed", reason: result.failed }];
};

const observe = (
  { channel: { name: channel }, metrics, log }: WorkerDeps,
  claimed: readonly Waiting[],
  outcomes: readonly Outcome[],
): void => {
  for (const { status } of outcomes) metrics.count("taskflow_notification_deliveries_total", { channel, status });
  const dead = outcomes.filter(({ status }) => status === "failed");
  if (dead.length > 0)
    log.error({ channel, deliveries: dead.map(({ id }) => id) }, "notifications could not be delivered");
  for (const { due_at } of claimed)
    metrics.observe("taskflow_notification_delivery_seconds", (Date.now() - due_at.getTime()) / 1_000, { channel });
};
