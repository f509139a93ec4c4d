import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { NotificationPreferences, NotificationPreferencesPatch } from "../../../contract/notification.ts";
import { DomainError, invalidField } from "../../../contract/problem.ts";
import { preferencesOf } from "../../../domain/notification/preferences.ts";
import type { PreferenceStore } from "./preference-store.ts";

export interface PreferenceRoutesDeps {
  readonly store: PreferenceStore;
  /** What was put off may not have to wait any more. */
  readonly onChanged: (userId: string) => Promise<void>;
}

const tags = ["notifications"];

/** `/notification-preferences`: what a user wants to be told, and how. */
export const preferenceRoutes = (instance: FastifyInstance, { store, onChanged }: PreferenceRoutesDeps): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/notification-preferences",
    {
      config: { access: "read" },
      schema: { tags, summary: "What you are told, and how", response: { 200: NotificationPreferences } },
    },
    async ({ identity: { userId } }): Promise<NotificationPreferences> =>
      preferencesOf((await store.read([userId])).of(userId)),
  );

  app.put(
    "/notification-preferences",
    {
      config: { access: "write" },
      schema: {
        tags,
        summary: "Change what you are told, and how",
        description: "What is not sent stays as it is; `quiet_hours: null` ends them. The answer is whole.",
        body: NotificationPreferencesPatch,
        response: { 200: NotificationPreferences },
      },
    },
    async ({ identity: { userId }, body }): Promise<NotificationPreferences> => {
      const { quiet_hours } = body as NotificationPreferencesPatch;
      if (quiet_hours && quiet_hours.start === quiet_hours.end)
        throw invalidField("quiet_hours.end", "must be another time than the start");
      const stored = await store.change(userId, body as NotificationPreferencesPatch);
      if (stored === undefined) throw new DomainError("not_found", "this account is closed");
      await onChanged(userId);
      return preferencesOf(stored);
    },
  );
};
