import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { invalidField } from "../../../contract/problem.ts";
import {
  NewReminder,
  Reminder,
  ShortReminder,
  Snooze,
  TaskReminders,
  WrittenReminder,
} from "../../../contract/reminder.ts";
import { Uuid } from "../../../contract/scalars.ts";
import { actorOf, expectedVersion, sendAnswer } from "../tasks/request.ts";
import type { Answer } from "../tasks/writer.ts";
import type { ReminderUseCases, ReminderWriter } from "./use-cases.ts";

const params = Type.Object({ id: Uuid });
const read = { access: "read" } as const;
const write = { access: "write" } as const;
const tags = ["reminders"];
const changed = { 200: WrittenReminder };
const made = { 201: WrittenReminder, ...changed };
const empty = { 204: Type.Null() };

/** The commands of `/tasks/{id}/reminder(s)` and `/reminders/{id}`: the HTTP form of the reminder use cases. */
export const reminderRoutes = (app: FastifyInstance, useCases: ReminderUseCases): void => {
  listRoutes(app, useCases);
  shortRoutes(app, useCases);
  oneRoutes(app, useCases);
};

const listRoutes = (instance: FastifyInstance, useCases: ReminderUseCases): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/tasks/:id/reminders",
    { config: read, schema: { tags, summary: "The reminders of a task", params, response: { 200: TaskReminders } } },
    async ({ identity, params: { id } }, reply) => {
      const { reminders, version } = await useCases.list(identity.userId, id);
      return reply.header("etag", `"${version}"`).send({ reminders });
    },
  );

  app.post(
    "/tasks/:id/reminders",
    {
      config: write,
      schema: {
        tags,
        summary: "Add a reminder, before the due date or at an instant; safe to repeat",
        params,
        body: NewReminder,
        response: made,
      },
    },
    async (request, reply) => sendAnswer(reply, await useCases.add(writerOf(request), request.params.id, request.body)),
  );
};

/** For clients that know one reminder a task: the first that has an offset. */
const shortRoutes = (instance: FastifyInstance, useCases: ReminderUseCases): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const url = "/tasks/:id/reminder";

  app.get(
    url,
    {
      config: read,
      schema: { tags, summary: "The first reminder before the due date", params, response: { 200: Reminder } },
    },
    ({ identity, params: { id } }) => useCases.getShort(identity.userId, id),
  );

  for (const method of ["POST", "PUT"] as const)
    app.route({
      method,
      url,
      config: write,
      schema: {
        tags,
        summary: "Make or change the first reminder before the due date; safe to repeat",
        params,
        body: ShortReminder,
        response: made,
      },
      handler: async (request, reply) =>
        sendAnswer(reply, await useCases.setShort(writerOf(request), request.params.id, offsetOf(request.body))),
    });

  app.delete(
    url,
    {
      config: write,
      schema: { tags, summary: "Remove the first reminder before the due date", params, response: empty },
    },
    async (request, reply) => sendNothing(reply, await useCases.removeShort(writerOf(request), request.params.id)),
  );
};

const oneRoutes = (instance: FastifyInstance, useCases: ReminderUseCases): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.put(
    "/reminders/:id",
    {
      config: write,
      schema: { tags, summary: "Make a reminder one for another moment", params, body: NewReminder, response: changed },
    },
    async (request, reply) =>
      sendAnswer(reply, await useCases.change(writerOf(request), request.params.id, request.body)),
  );

  app.delete(
    "/reminders/:id",
    { config: write, schema: { tags, summary: "Remove a reminder", params, response: empty } },
    async (request, reply) => sendNothing(reply, await useCases.remove(writerOf(request), request.params.id)),
  );

  app.post(
    "/reminders/:id/snooze",
    {
      config: write,
      schema: {
        tags,
        summary: "Put a reminder off: it is acknowledged, and a new one is answered",
        params,
        body: Snooze,
        response: made,
      },
    },
    async (request, reply) =>
      sendAnswer(reply, await useCases.snooze(writerOf(request), request.params.id, request.body)),
  );

  app.post(
    "/reminders/:id/acknowledge",
    { config: write, schema: { tags, summary: "Be done with a reminder; safe to repeat", params, response: changed } },
    async (request, reply) => sendAnswer(reply, await useCases.acknowledge(writerOf(request), request.params.id)),
  );
};

/** `If-Match` is of the reminder's task: a reminder is part of it. */
const writerOf = (request: FastifyRequest): ReminderWriter => ({
  actor: actorOf(request),
  version: expectedVersion(request),
});

const offsetOf = ({ offset, reminder_offset }: ShortReminder): string => {
  const text = offset ?? reminder_offset;
  if (text === undefined) throw invalidField("offset", "is missing");
  return text;
};

const sendNothing = (reply: FastifyReply, { body }: Answer<object>): FastifyReply =>
  reply
    .header("undo", body.undo ?? "")
    .code(204)
    .send(null);
