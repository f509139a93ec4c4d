import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import type { Database } from "../../adapters/db/database.ts";
import { DomainError } from "../../contract/problem.ts";
import { Reminder, ReminderList, ReminderQuery, ReminderTrace } from "../../contract/reminder.ts";
import { Uuid } from "../../contract/scalars.ts";
import { traceOf } from "../../domain/reminder/trace.ts";
import type { Clock, DeliveryTrace } from "../../ports.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { listReminders, readReminder, readSteps } from "./queries.ts";

export interface ReminderRoutesDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly deliveryTrace: DeliveryTrace;
}

const DEFAULT_LIMIT = 50;
const config = { access: "read" } as const;
const tags = ["reminders"];
const params = Type.Object({ id: Uuid });

/** What became of reminders (spec §4). They are written on their tasks, by chat-api. */
export const reminderRoutes = (
  instance: FastifyInstance,
  { database, clock, deliveryTrace }: ReminderRoutesDeps,
): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const find = async (userId: string, id: string): Promise<Reminder> => {
    const reminder = await readReminder(database, userId, id);
    if (reminder === undefined) throw new DomainError("not_found", `there is no reminder ${id}`);
    return reminder;
  };

  app.get(
    "/reminders",
    {
      config,
      schema: {
        tags,
        summary: "A user's reminders, by their instants",
        querystring: ReminderQuery,
        response: { 200: ReminderList },
      },
    },
    async ({ identity, query }): Promise<ReminderList> => {
      const limit = query.limit ?? DEFAULT_LIMIT;
      const found = await listReminders(
        database,
        identity.userId,
        query,
        query.cursor === undefined ? undefined : readCursor(query.cursor),
        limit + 1,
      );
      const reminders = found.slice(0, limit);
      const last = found.length > limit ? reminders.at(-1) : undefined;
      return {
        reminders,
        next_cursor:
          last === undefined ? null : writeCursor({ at: last.remind_at, reminderId: last.id, taskId: last.task_id }),
      };
    },
  );

  app.get(
    "/reminders/:id",
    { config, schema: { tags, summary: "One reminder", params, response: { 200: Reminder } } },
    ({ identity, params: { id } }): Promise<Reminder> => find(identity.userId, id),
  );

  app.get(
    "/reminders/:id/trace",
    {
      config,
      schema: {
        tags,
        summary: "Why a reminder was given, or was not",
        description: "What happened to it, oldest first, with each channel's attempts.",
        params,
        response: { 200: ReminderTrace },
      },
    },
    async ({ identity, params: { id } }): Promise<ReminderTrace> => {
      const reminder = await find(identity.userId, id);
      const { steps, zone } = await readSteps(database, reminder);
      const deliveries = await deliveryTrace.of(
        steps.flatMap(({ what, event_id }) => (what === "fired" && event_id !== null ? [event_id] : [])),
      );
      return traceOf({ reminder, steps, deliveries }, { now: clock.now(), zone });
    },
  );
};
