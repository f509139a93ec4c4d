import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { AllRead, Notification, NotificationList, NotificationQuery } from "../../../contract/notification.ts";
import { DomainError } from "../../../contract/problem.ts";
import { Uuid } from "../../../contract/scalars.ts";
import { readTimeCursor, writeTimeCursor } from "../time-cursor.ts";
import type { InboxStore } from "./inbox-store.ts";

export interface InboxRoutesDeps {
  readonly store: InboxStore;
  /** The user's other devices show it too. */
  readonly onChanged: (userId: string) => Promise<void>;
}

const DEFAULT_LIMIT = 50;
const tags = ["notifications"];
const write = { access: "write" } as const;

/** `/notifications`: the inbox. */
export const inboxRoutes = (instance: FastifyInstance, { store, onChanged }: InboxRoutesDeps): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/notifications",
    {
      config: { access: "read" },
      schema: {
        tags,
        summary: "The inbox, newest first",
        querystring: NotificationQuery,
        response: { 200: NotificationList },
      },
    },
    async ({ identity: { userId }, query }): Promise<NotificationList> => {
      const { status = "all", limit = DEFAULT_LIMIT, cursor } = query;
      const after = cursor === undefined ? undefined : readTimeCursor(cursor);
      const [rows, unread] = await Promise.all([
        store.list(userId, { status, after, limit: limit + 1 }),
        store.unreadOf([userId]),
      ]);
      const notifications = rows.slice(0, limit);
      const last = rows.length > limit ? notifications.at(-1) : undefined;
      return {
        notifications,
        unread: unread.get(userId) ?? 0,
        next_cursor: last === undefined ? null : writeTimeCursor({ at: last.created_at, id: last.id }),
      };
    },
  );

  for (const [action, read] of [
    ["read", true],
    ["unread", false],
  ] as const)
    app.post(
      `/notifications/:id/${action}`,
      {
        config: write,
        schema: {
          tags,
          summary: `Mark a notification as ${action}`,
          params: Type.Object({ id: Uuid }),
          response: { 200: Notification },
        },
      },
      async ({ identity: { userId }, params }): Promise<Notification> => {
        const notification = await store.mark(userId, params.id, read);
        if (notification === undefined) throw new DomainError("not_found", `there is no notification ${params.id}`);
        await onChanged(userId);
        return notification;
      },
    );

  app.post(
    "/notifications/read-all",
    { config: write, schema: { tags, summary: "Mark everything as read", response: { 200: AllRead } } },
    async ({ identity: { userId } }): Promise<AllRead> => {
      const read = await store.markAllRead(userId);
      if (read > 0) await onChanged(userId);
      return { read, unread: 0 };
    },
  );
};
