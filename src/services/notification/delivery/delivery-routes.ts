import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import {
  type Channel,
  NotificationDeliveries,
  NotificationDelivery,
  NotificationDeliveryQuery,
  NotificationTest,
} from "../../../contract/notification.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import { Uuid } from "../../../contract/scalars.ts";
import { readTimeCursor, writeTimeCursor } from "../time-cursor.ts";
import type { DeliveryLog } from "./delivery-log.ts";

export interface DeliveryRoutesDeps {
  readonly log: DeliveryLog;
  readonly channels: readonly Channel[];
  readonly test: (userId: string, channel: Channel) => Promise<NotificationDelivery | undefined>;
  readonly onRetry: (channel: Channel) => void;
}

const DEFAULT_LIMIT = 50;
const tags = ["notifications"];

/** `/notification-deliveries`: what became of every notification; and a test of a channel. */
export const deliveryRoutes = (
  instance: FastifyInstance,
  { log, channels, test, onRetry }: DeliveryRoutesDeps,
): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/notification-deliveries",
    {
      config: { access: "read" },
      schema: {
        tags,
        summary: "What became of notifications, newest first",
        querystring: NotificationDeliveryQuery,
        response: { 200: NotificationDeliveries },
      },
    },
    async ({ identity: { userId }, query }): Promise<NotificationDeliveries> => {
      const { limit = DEFAULT_LIMIT, cursor, ...filter } = query;
      const rows = await log.list(userId, {
        filter,
        after: cursor === undefined ? undefined : readTimeCursor(cursor),
        limit: limit + 1,
      });
      const deliveries = rows.slice(0, limit);
      const last = rows.length > limit ? deliveries.at(-1) : undefined;
      return {
        deliveries,
        next_cursor: last === undefined ? null : writeTimeCursor({ at: last.created_at, id: last.id }),
      };
    },
  );

  app.post(
    "/notification-deliveries/:id/retry",
    {
      config: { access: "write" },
      schema: {
        tags,
        summary: "Try a delivery again that has failed",
        params: Type.Object({ id: Uuid }),
        response: { 200: NotificationDelivery },
      },
    },
    async ({ identity: { userId }, params: { id } }): Promise<NotificationDelivery> => {
      const delivery = await log.retry(userId, id);
      if (delivery === undefined) throw new DomainError("not_found", `there is no delivery ${id} that has failed`);
      onRetry(delivery.channel);
      return delivery;
    },
  );

  app.post(
    "/notifications/test",
    {
      config: { access: "write" },
      schema: {
        tags,
        summary: "Send yourself a test by a channel; the answer says what became of it",
        body: NotificationTest,
        response: { 200: NotificationDelivery },
      },
    },
    async ({ identity: { userId }, body }): Promise<NotificationDelivery> => {
      const { channel } = body;
      if (!channels.includes(channel))
        throw invalidField("channel", `there is no ${channel} here; there are ${channels.join(" and ")}`);
      const delivery = await test(userId, channel);
      if (delivery === undefined) throw new DomainError("not_found", "this account is closed");
      return delivery;
    },
  );
};
