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
import type { ReminderAnswers } from "./answers.ts";

const params = Type.Object({ id: Uuid });
const read = { access: "read" } as const;
const write = { access: "write" } as const;
const tags = ["reminders"];
const changed = { 200: WrittenReminder };
const made = { 201: WrittenReminder, ...changed };
const empty = { 204: Type.Null() };

/** `/tasks/{id}/reminder(s)` and `/reminders/{id}`: the HTTP form of the commands to reminders. */
export const reminderRoutes = (app: FastifyInstance, answers: ReminderAnswers): void => {
  listRoutes(app, answers);
  shortRoutes(app, answers);
  oneRoutes(app, answers);
};

const listRoutes = (instance: FastifyInstance, answers: ReminderAnswers): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/tasks/:id/reminders",
    { config: read, schema: { tags, summary: "The reminders of a task", params, response: { 200: TaskReminders } } },
    async ({ identity, params: { id } }, reply) => {
      const { reminders, version } = await answers.list(identity.userId, id);
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
    async (request, reply) => {
      const command = { kind: "reminder.add", ...ofTask(request), reminder: request.body } as const;
      return sendAnswer(reply, await answers.run(actorOf(request), command));
    },
  );
};

/** For clients that know one reminder a task: the first that has an offset. */
const shortRoutes = (instance: FastifyInstance, answers: ReminderAnswers): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const url = "/tasks/:id/reminder";

  app.get(
    url,
    {
      config: read,
      schema: { tags, summary: "The first reminder before the due date", params, response: { 200: Reminder } },
    },
    ({ identity, params: { id } }) => answers.first(identity.userId, id),
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
      handler: async (request, reply) => {
        const command = { kind: "reminder.set_first", ...ofTask(request), offset: offsetOf(request.body) } as const;
        return sendAnswer(reply, await answers.run(actorOf(request), command));
      },
    });

  app.delete(
    url,
    {
      config: write,
      schema: { tags, summary: "Remove the first reminder before the due date", params, response: empty },
    },
    async (request, reply) => {
      const command = { kind: "reminder.remove_first", ...ofTask(request) } as const;
      return sendNothing(reply, await answers.run(actorOf(request), command));
    },
  );
};

const oneRoutes = (instance: FastifyInstance, answers: ReminderAnswers): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const ofReminder = async (request: FastifyRequest<{ Params: { id: string } }>) => ({
    id: request.params.id,
    task_id: await answers.taskIdOf(request.identity.userId, request.params.id),
    version: expectedVersion(request),
  });

  app.put(
    "/reminders/:id",
    {
      config: write,
      schema: { tags, summary: "Make a reminder one for another moment", params, body: NewReminder, response: changed },
    },
    async (request, reply) => {
      const command = { kind: "reminder.change", ...(await ofReminder(request)), reminder: request.body } as const;
      return sendAnswer(reply, await answers.run(actorOf(request), command));
    },
  );

  app.delete(
    "/reminders/:id",
    { config: write, schema: { tags, summary: "Remove a reminder", params, response: empty } },
    async (request, reply) => {
      const command = { kind: "reminder.remove", ...(await ofReminder(request)) } as const;
      return sendNothing(reply, await answers.run(actorOf(request), command));
    },
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
    async (request, reply) => {
      const command = { kind: "reminder.snooze", ...(await ofReminder(request)), snooze: request.body } as const;
      return sendAnswer(reply, await answers.run(actorOf(request), command));
    },
  );

  app.post(
    "/reminders/:id/acknowledge",
    { config: write, schema: { tags, summary: "Be done with a reminder; safe to repeat", params, response: changed } },
    async (request, reply) => {
      const command = { kind: "reminder.acknowledge", ...(await ofReminder(request)) } as const;
      return sendAnswer(reply, await answers.run(actorOf(request), command));
    },
  );
};

/** `If-Match` is of the reminder's task: a reminder is part of it. */
const ofTask = (request: FastifyRequest<{ Params: { id: string } }>) => ({
  task_id: request.params.id,
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
