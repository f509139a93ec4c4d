import type { Database } from "../../../adapters/db/database.ts";
import type { Channel, NotificationDelivery, NotificationDeliveryQuery } from "../../../contract/notification.ts";
import type { TimeCursor } from "../time-cursor.ts";

export interface DeliveryPage {
  readonly filter: Pick<NotificationDeliveryQuery, "channel" | "status" | "notification_id">;
  readonly after: TimeCursor | undefined;
  readonly limit: number;
}

/** What became of every telling. */
export interface DeliveryLog {
  /** A user's own, newest first. */
  list(userId: string, page: DeliveryPage): Promise<readonly NotificationDelivery[]>;
  /**
   * Puts what has failed for good into the queue again; undefined when the user has no such delivery that has failed.
   */
  retry(userId: string, id: string): Promise<NotificationDelivery | undefined>;
}

const columns = "id, notification_id, event_id, channel, status, reason, attempts, due_at, created_at, finished_at";

const listStatement = `
SELECT ${columns} FROM notification_deliveries
WHERE user_id = $1 AND ($2::text IS NULL OR channel = $2) AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR notification_id = $4)
  AND ($5::timestamptz IS NULL OR (created_at, id) < ($5, $6::uuid))
ORDER BY created_at DESC, id DESC LIMIT $7`;

const retryStatement = `
UPDATE notification_deliveries SET status = 'pending', attempts = 0, claim_at = now(), finished_at = NULL
WHERE user_id = $1 AND id = $2 AND status = 'failed' RETURNING ${columns}`;

interface Row
  extends Record<string, unknown>, Omit<NotificationDelivery, "channel" | "due_at" | "created_at" | "finished_at"> {
  readonly channel: Channel;
  readonly due_at: Date;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export const createDeliveryLog = (database: Pick<Database, "prepared">): DeliveryLog => ({
  async list(userId, { filter, after, limit }) {
    const values = [
      userId,
      filter.channel ?? null,
      filter.status ?? null,
      filter.notification_id ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit,
    ];
    return (await database.prepared<Row>("delivery-log", listStatement, values)).map(toDelivery);
  },
  async retry(userId, id) {
    const [row] = await database.prepared<Row>("delivery-retry", retryStatement, [userId, id]);
    return row && toDelivery(row);
  },
});

const toDelivery = ({ due_at, created_at, finished_at, ...row }: Row): NotificationDelivery => ({
  ...row,
  due_at: due_at.toISOString(),
  created_at: created_at.toISOString(),
  finished_at: finished_at?.toISOString() ?? null,
});
