import type { TaskFlowEvent } from "../../../contract/event.ts";
import type { Channel } from "../../../contract/notification.ts";
import { decide, type Decision } from "../../../domain/notification/decision.ts";
import { outdatedBecause, type OutdatedReason } from "../../../domain/notification/outdated.ts";
import { isWanted } from "../../../domain/notification/preferences.ts";
import { bodyOf } from "../../../domain/notification/words.ts";
import type { ChangedTask, EventLog, Metrics } from "../../../ports.ts";
import type { PreferenceStore, UserPreferences } from "../preferences/preference-store.ts";
import { digestFor } from "./digest.ts";
import { notificationIdOf } from "./ids.ts";
import type { Queue } from "./queue.ts";
import type { NewDelivery, NewNotification } from "./rows.ts";

export interface IntakeDeps {
  readonly preferences: PreferenceStore;
  readonly eventLog: EventLog;
  readonly queue: Queue;
  readonly metrics: Metrics;
  /** The channels that are there, the inbox among them. */
  readonly channels: readonly Channel[];
  /**
   * Those that have it with the statement that stores it, as they are in the same database; answers how many places it
   * comes to now.
   */
  readonly stored: ReadonlyMap<Channel, (userId: string) => number>;
  /** Milliseconds; what is older would be forgotten at once. */
  readonly retentionMs: number;
  /** What was stored. */
  readonly onStored: (deliveries: readonly NewDelivery[]) => void;
}

/**
 * Turns events into notifications and their deliveries, a batch in one statement. The same event again changes nothing.
 */
export const createIntake = (deps: IntakeDeps) => {
  const { preferences, eventLog, queue, metrics, channels, stored, retentionMs, onStored } = deps;

  /**
   * Whoever asked to be reminded may ask why they were not, so that a reminder is recorded even when no channel wants
   * it.
   */
  const isAskedFor = (event: TaskFlowEvent, user: UserPreferences): boolean =>
    event.event_type === "task.reminder.triggered" ||
    channels.some((channel) => isWanted(user, event.event_type, channel));

  return async (events: readonly TaskFlowEvent[]): Promise<void> => {
    const { of, now } = await preferences.read(events.map(({ user_id }) => user_id));
    const asked = events.filter(
      (event) => isAskedFor(event, of(event.user_id)) && now - Date.parse(event.timestamp) < retentionMs,
    );
    if (asked.length === 0) return;
    const changed = await eventLog.changedSince(
      asked.map(({ user_id, task_id, sequence }) => ({ userId: user_id, taskId: task_id, sequence })),
    );
    const plan = asked.map((event) =>
      planOf(event, { channels, stored, user: of(event.user_id), now, outdated: outdatedOf(event, changed) }),
    );
    const deliveries = plan.flatMap((each) => each.deliveries);
    await queue.add(
      plan.flatMap((each) => each.notifications),
      deliveries,
    );
    for (const { event_type } of asked) metrics.count("taskflow_notifications_total", { type: event_type });
    onStored(deliveries);
  };
};

const outdatedOf = (event: TaskFlowEvent, changed: ReadonlyMap<string, ChangedTask>): OutdatedReason | undefined => {
  const change = changed.get(event.task_id);
  if (change === undefined || change.sequence <= event.sequence) return undefined;
  return outdatedBecause(
    { type: event.event_type, reminderId: reminderOf(event), occurredAt: event.timestamp },
    change.task,
  );
};

interface PlanInput extends Pick<IntakeDeps, "channels" | "stored"> {
  readonly user: UserPreferences;
  readonly now: number;
  readonly outdated: OutdatedReason | undefined;
}

interface Plan {
  readonly notifications: readonly NewNotification[];
  readonly deliveries: readonly NewDelivery[];
}

const planOf = (event: TaskFlowEvent, { channels, stored, user, now, outdated }: PlanInput): Plan => {
  const critical = event.event_type === "task.reminder.triggered" && event.task.priority === "high";
  const facts = { type: event.event_type, critical, preferences: user, zone: user.zone, now, outdated };
  const decisions = channels.map((channel) => ({ channel, decision: decide({ ...facts, channel }) }));
  const inInbox = decisions.some(({ channel, decision }) => channel === "inbox" && decision.kind === "deliver");
  const notification = notificationOf(event, { critical, inInbox, now });
  const parts = decisions.map(({ channel, decision }) =>
    deliveryOf(notification, { channel, decision, now, reach: stored.get(channel) }),
  );
  return {
    notifications: [notification, ...parts.flatMap(({ digest }) => digest)],
    deliveries: parts.flatMap(({ deliveries }) => deliveries),
  };
};

const reminderOf = (event: TaskFlowEvent): string | null =>
  event.event_type === "task.reminder.triggered" ? event.reminder.id : null;

const notificationOf = (
  event: TaskFlowEvent,
  { critical, inInbox, now }: { critical: boolean; inInbox: boolean; now: number },
): NewNotification => ({
  id: notificationIdOf(event.event_id),
  user_id: event.user_id,
  type: event.event_type,
  title: event.task.title,
  body: bodyOf(event),
  task_id: event.task_id,
  event_id: event.event_id,
  sequence: event.sequence,
  reminder_id: reminderOf(event),
  critical,
  count: 1,
  occurred_at: new Date(event.timestamp),
  in_inbox: inInbox,
  created_at: new Date(now),
});

interface DeliveryInput {
  readonly channel: Channel;
  readonly decision: Decision;
  readonly now: number;
  /** Of a channel that has it with the statement that stores it; every other one has a worker. */
  readonly reach: ((userId: string) => number) | undefined;
}

const deliveryOf = (
  notification: NewNotification,
  { channel, decision, now, reach }: DeliveryInput,
): { deliveries: NewDelivery[]; digest: NewNotification[] } => {
  const common = { notification, channel, reason: null, dueAt: now, digestId: null } as const;
  if (decision.kind === "suppress")
    return { deliveries: [{ ...common, status: "suppressed", reason: decision.reason }], digest: [] };
  if (decision.kind === "deliver") {
    const delivery: NewDelivery =
      reach === undefined
        ? { ...common, status: "pending" }
        : { ...common, status: "delivered", reached: reach(notification.user_id) };
    return { deliveries: [delivery], digest: [] };
  }
  const digest = digestFor(notification.user_id, channel, decision.until);
  const delivery: NewDelivery = {
    ...common,
    status: "pending",
    reason: "quiet_hours",
    dueAt: decision.until,
    digestId: digest.deliveryId,
  };
  return { deliveries: [digest.delivery, delivery], digest: [digest.notification] };
};
