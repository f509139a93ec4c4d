import type { NotificationDelivery } from "../contract/notification.ts";
import type { DeliveryTrace } from "../ports.ts";
import type { Database } from "./db/database.ts";

const statement = `
SELECT id, notification_id, event_id, channel, status, reason, attempts, due_at, created_at, finished_at
FROM notification_deliveries WHERE event_id = ANY ($1::uuid[]) ORDER BY created_at, channel LIMIT 500`;

type Row = { readonly [Field in keyof NotificationDelivery]: NotificationDelivery[Field] } & {
  readonly due_at: unknown;
};
interface DeliveryRow extends Omit<Row, "due_at" | "created_at" | "finished_at"> {
  readonly due_at: Date;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** What notification-service did about events, from its table. */
export const createDeliveryTrace = (database: Pick<Database, "prepared">): DeliveryTrace => ({
  async of(eventIds) {
    if (eventIds.length === 0) return [];
    const rows = await database.prepared<DeliveryRow & Record<string, unknown>>("delivery-trace", statement, [
      eventIds,
    ]);
    return rows.map(({ due_at, created_at, finished_at, ...row }) => ({
      ...row,
      due_at: due_at.toISOString(),
      created_at: created_at.toISOString(),
      finished_at: finished_at?.toISOString() ?? null,
    }));
  },
});
