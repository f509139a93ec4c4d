import type { Database } from "../../../adapters/db/database.ts";
import type { Channel } from "../../../contract/notification.ts";
import { deliveryIdOf } from "./ids.ts";
import {
  type NewDelivery,
  type NewNotification,
  notificationColumns,
  type NotificationRow,
  toNotification,
} from "./rows.ts";
import {
  addStatement,
  claimStatement,
  failStatement,
  finishStatement,
  followZonesStatement,
  membersStatement,
  overdueStatement,
  postponeStatement,
  putOffStatement,
  rejoinStatement,
  releaseStatement,
  rescueStatement,
} from "./queue-statements.ts";

/** A delivery that waits, with what it is of. */
export interface Waiting extends NotificationRow {
  readonly delivery_id: string;
  /** Tries, this one counted. */
  readonly attempts: number;
  readonly due_at: Date;
  readonly digest_id: string | null;
}

/** How a delivery ended. */
export interface Outcome {
  readonly id: string;
  readonly status: "delivered" | "failed" | "suppressed";
  readonly reason: string | null;
  /** How many places it came to, where that is known. */
  readonly reached?: number | null;
}

/** The durable queue of tellings: every delivery is in it until it has an outcome, whatever dies. */
export interface Queue {
  /**
   * Stores notifications and their deliveries in one statement, and posts what is delivered to streams with it; what is
   * there already stays as it is.
   */
  add(notifications: readonly NewNotification[], deliveries: readonly NewDelivery[]): Promise<void>;
  /** Takes what is due on a channel for `leaseSeconds`; what has no outcome by then is due again. */
  claim(channel: Channel, limit: number, leaseSeconds: number): Promise<readonly Waiting[]>;
  /** What waits for these digests (ids of their deliveries). */
  membersOf(digestIds: readonly string[]): Promise<readonly Waiting[]>;
  finish(outcomes: readonly Outcome[]): Promise<void>;
  /** These are due again after a pause. */
  retry(
    failures: readonly { readonly id: string; readonly reason: string; readonly pauseSeconds: number }[],
  ): Promise<void>;
  /** These wait for a digest that is in the queue. Instants are epoch ms. */
  putOff(
    deliveries: readonly { readonly id: string; readonly until: number; readonly digestId: string }[],
  ): Promise<void>;
  /** A digest and what waits for it are due at another time. */
  postpone(digestId: string, until: number): Promise<void>;
  /** What waits for a digest waits for another one, which is in the queue; the first one is gone. */
  rejoin(digestId: string, other: { readonly id: string; readonly until: number }): Promise<void>;
  /** What waits for the end of quiet hours is looked at now, of users who are in another zone since it was planned. */
  followZones(): Promise<void>;
  /** What waits for the end of a user's quiet hours is looked at now. */
  release(userId: string): Promise<void>;
  /** What waits for a digest that was given already is due by itself. */
  rescue(): Promise<void>;
  /** How many seconds the oldest delivery has been due that no worker has, by channel. */
  overdue(): Promise<ReadonlyMap<Channel, number>>;
}

/** @param origin this process, which counts its own streams when it delivers */
export const createQueue = (database: Pick<Database, "prepared">, origin: string): Queue => ({
  async add(notifications, deliveries) {
    if (notifications.length === 0) return;
    const notices = deliveries.flatMap(noticeOf);
    const values = [
      JSON.stringify(notifications),
      JSON.stringify(deliveries.map(toRow)),
      notices.length === 0 ? null : JSON.stringify(notices),
      origin,
    ];
    await database.prepared("deliveries-add", addStatement, values);
  },
  claim: (channel, limit, leaseSeconds) =>
    database.prepared<Waiting & Record<string, unknown>>("deliveries-claim", claimStatement(notificationColumns), [
      channel,
      limit,
      leaseSeconds,
    ]),
  membersOf: async (digestIds) =>
    digestIds.length === 0
      ? []
      : database.prepared<Waiting & Record<string, unknown>>(
          "deliveries-members",
          membersStatement(notificationColumns),
          [digestIds],
        ),
  async finish(outcomes) {
    if (outcomes.length === 0) return;
    const reached = outcomes.map((outcome) => outcome.reached ?? null);
    await database.prepared("deliveries-finish", finishStatement, [
      outcomes.map(({ id }) => id),
      outcomes.map(({ status }) => status),
      outcomes.map(({ reason }) => reason),
      reached,
    ]);
  },
  async retry(failures) {
    if (failures.length === 0) return;
    await database.prepared("deliveries-retry", failStatement, [
      failures.map(({ id }) => id),
      failures.map(({ reason }) => reason),
      failures.map(({ pauseSeconds }) => pauseSeconds),
    ]);
  },
  async putOff(deliveries) {
    if (deliveries.length === 0) return;
    const until = deliveries.map((delivery) => new Date(delivery.until));
    await database.prepared("deliveries-put-off", putOffStatement, [
      deliveries.map(({ id }) => id),
      until,
      deliveries.map(({ digestId }) => digestId),
    ]);
  },
  async postpone(digestId, until) {
    await database.prepared("deliveries-postpone", postponeStatement, [digestId, new Date(until)]);
  },
  async rejoin(digestId, { id, until }) {
    await database.prepared("deliveries-rejoin", rejoinStatement, [digestId, id, new Date(until)]);
  },
  async followZones() {
    await database.prepared("deliveries-follow-zones", followZonesStatement, []);
  },
  async release(userId) {
    await database.prepared("deliveries-release", releaseStatement, [userId]);
  },
  async rescue() {
    await database.prepared("deliveries-rescue", rescueStatement, []);
  },
  async overdue() {
    const rows = await database.prepared<{ channel: Channel; seconds: number }>(
      "deliveries-overdue",
      overdueStatement,
      [],
    );
    return new Map(rows.map(({ channel, seconds }) => [channel, seconds]));
  },
});

const toRow = ({ notification, channel, status, reason, dueAt, digestId, reached = 0 }: NewDelivery) => {
  const due_at = new Date(dueAt).toISOString();
  return {
    id: deliveryIdOf(notification.id, channel),
    notification_id: notification.id,
    event_id: notification.event_id,
    user_id: notification.user_id,
    channel,
    status,
    reason,
    attempts: status === "delivered" ? 1 : 0,
    reached,
    due_at,
    claim_at: status === "pending" && digestId === null ? due_at : null,
    digest_id: digestId,
  };
};

/** What every replica puts on its streams, of a delivery that is made with its row. */
const noticeOf = ({ notification, channel, status }: NewDelivery) => {
  const { created_at, user_id } = notification;
  if (channel !== "stream" || status !== "delivered" || created_at === null) return [];
  const json = JSON.stringify(toNotification({ ...notification, created_at }));
  return [{ user_id, delivery_id: deliveryIdOf(notification.id, channel), notification: json, made_at: created_at }];
};
