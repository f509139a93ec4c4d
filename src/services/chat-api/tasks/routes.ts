import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import {
  BulkAnswer,
  BulkRequest,
  EmptyTrashAnswer,
  EmptyTrashQuery,
  NewTask,
  SyncQuery,
  Task,
  TaskList,
  TaskPatch,
  TaskQuery,
  UndoAnswer,
  WrittenTask,
} from "../../../contract/task.ts";
import {
  CommandBody,
  CommandQuery,
  DeleteQuery,
  PreviewQuery,
  RecurrencePreview,
  SeriesScopeQuery,
} from "../../../contract/recurrence.ts";
import { QuickAddAnswer, QuickAddPreview, QuickAddRequest } from "../../../contract/quick-add.ts";
import { Uuid } from "../../../contract/scalars.ts";
import { AsOfQuery } from "../../../contract/time-travel.ts";
import type { Database } from "../../../adapters/db/database.ts";
import type { Clock, ProcessorShare } from "../../../ports.ts";
import { readUser } from "../accounts/users.ts";
import { readZone } from "../accounts/zone.ts";
import type { EmptyTrash } from "./empty-trash.ts";
import { timeTravelRoutes } from "./past/routes.ts";
import type { TimeTravel } from "./past/time-travel.ts";
import { previewRecurrence } from "./preview.ts";
import { readLargePage } from "./large-page.ts";
import { actorOf, expectedVersion, sendAnswer } from "./request.ts";
import { understand } from "./quick-add.ts";
import { listTasks } from "./task-list.ts";
import type { TaskUseCases } from "./use-cases.ts";
import type { TaskWriter } from "./writer.ts";

export interface TaskRoutesDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly processorShare: ProcessorShare;
  readonly useCases: TaskUseCases;
  readonly writer: TaskWriter;
  readonly timeTravel: TimeTravel;
  readonly emptyTrash: EmptyTrash;
}

const byId = Type.Object({ id: Uuid });
const read = { access: "read" } as const;
const write = { access: "write" } as const;
const tags = ["tasks"];

/** Through a series' id, all but restore act on one of its occurrences: the one that is named, or the open one. */
const taskCommands = [
  { path: "complete", command: "complete", summary: "Complete a task; safe to repeat" },
  { path: "reopen", command: "reopen", summary: "Reopen a task; safe to repeat" },
  { path: "skip-occurrence", command: "skip", summary: "Skip an occurrence; safe to repeat" },
  { path: "restore", command: "restore", summary: "Restore a task; safe to repeat" },
  {
    path: "detach",
    command: "detach",
    summary: "Make an occurrence a task of its own; its place in the series stays taken",
  },
] as const;

/** 500 tasks of full length in one-byte characters; of wider ones fewer fit. */
const BULK_BODY_BYTES = 4 * 1024 * 1024;

/** `/tasks` and `/undo`: the HTTP form of the task use cases. */
export const taskRoutes = (
  instance: FastifyInstance,
  { database, clock, processorShare, useCases, writer, timeTravel, emptyTrash }: TaskRoutesDeps,
): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/tasks",
    { config: read, schema: { tags, summary: "List tasks", querystring: TaskQuery, response: { 200: TaskList } } },
    async ({ identity, query }) => {
      if (query.as_of !== undefined) return timeTravel.list(identity.userId, query.as_of, query);
      const ranged = query.due_date_start !== undefined || query.due_date_end !== undefined;
      const zone = ranged ? await writer.zoneOf(identity.userId) : "UTC";
      return listTasks(database, { userId: identity.userId, zone, now: clock.now(), query });
    },
  );

  app.get(
    "/sync/tasks",
    {
      config: read,
      schema: {
        tags,
        summary: "A list in large pages, for a device that knows nothing yet",
        description:
          "As GET /tasks, with up to 1,000 tasks a page; a page has fewer when they are long. `next_cursor` says whether more follow.",
        querystring: SyncQuery,
        response: { 200: TaskList },
      },
    },
    async ({ identity, query }, reply) => {
      const work = processorShare.begin(identity.userId);
      const page = await readLargePage(database, { userId: identity.userId, now: clock.now(), query, work });
      return reply.type("application/json; charset=utf-8").send(page as unknown as TaskList);
    },
  );

  app.post(
    "/tasks",
    { config: write, schema: { tags, summary: "Add a task", body: NewTask, response: { 201: WrittenTask } } },
    async (request, reply) => sendAnswer(reply, await useCases.create(actorOf(request), request.body)),
  );

  app.post(
    "/tasks/quick-add",
    {
      config: write,
      schema: {
        tags,
        summary: "Add a task by one line of text",
        description:
          "Dates, times, repeats, reminders and priorities are understood and taken from the title; see docs/quick-add.md.",
        body: QuickAddRequest,
        response: { 200: QuickAddPreview, 201: QuickAddAnswer },
      },
    },
    async (request, reply) => {
      const user = await readUser(database, request.identity.userId);
      const { task, understood, refused } = understand(request.body, user, clock.now());
      if (request.body.dry_run === true) return reply.code(200).send({ task, understood, refused });
      const input = request.body.id === undefined ? task : { ...task, id: request.body.id };
      const { status, body } = await useCases.create(actorOf(request), input, { understood, refused });
      const { undo, warnings, understood: first, refused: not, ...added } = body;
      const answer: QuickAddAnswer = { task: added, understood: first, refused: not, undo, warnings };
      return sendAnswer(reply, { status, body: answer });
    },
  );

  app.get(
    "/tasks/:id",
    {
      config: read,
      schema: {
        tags,
        summary: "Read a task, as it is or as it was",
        params: byId,
        querystring: AsOfQuery,
        response: { 200: Task },
      },
    },
    async ({ identity, params, query }, reply) => {
      if (query.as_of !== undefined) return timeTravel.get(identity.userId, params.id, query.as_of);
      const task = await useCases.get(identity.userId, params.id);
      return reply.header("etag", `"${task.version}"`).send(task);
    },
  );

  for (const method of ["PATCH", "PUT"] as const)
    app.route({
      method,
      url: "/tasks/:id",
      config: write,
      schema: {
        tags,
        summary:
          method === "PATCH" ? "Change a task (JSON merge patch)" : "Change a task (as PATCH: what is not sent stays)",
        params: byId,
        querystring: SeriesScopeQuery,
        body: TaskPatch,
        response: { 200: WrittenTask },
      },
      handler: async (request, reply) =>
        sendAnswer(
          reply,
          await useCases.patch(actorOf(request), request.params.id, request.body, {
            version: expectedVersion(request),
            scope: request.query.scope,
          }),
        ),
    });

  app.delete(
    "/tasks",
    {
      config: write,
      schema: {
        tags,
        summary: "Empty the trash",
        description: "Takes the tasks in the trash away for good, series with what they made. It cannot be undone.",
        querystring: EmptyTrashQuery,
        response: { 200: EmptyTrashAnswer },
      },
    },
    async (request) => {
      const { trashed_until } = request.query;
      const now = clock.now();
      const until = trashed_until === undefined ? now : Math.min(now, Date.parse(trashed_until));
      return { purged: await emptyTrash(actorOf(request), until) };
    },
  );

  app.delete(
    "/tasks/:id",
    {
      config: write,
      schema: {
        tags,
        summary: "Move a task to the trash",
        params: byId,
        querystring: DeleteQuery,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { body } = await useCases.command(actorOf(request), request.params.id, "delete", {
        version: expectedVersion(request),
        scope: request.query.scope,
        occurrenceDate: request.query.occurrence_date,
      });
      return reply
        .header("undo", body.undo ?? "")
        .code(204)
        .send(null);
    },
  );

  for (const { path, command, summary } of taskCommands)
    app.post(
      `/tasks/:id/${path}`,
      {
        config: write,
        schema: {
          tags,
          summary,
          params: byId,
          querystring: CommandQuery,
          body: CommandBody,
          response: { 200: WrittenTask },
        },
      },
      async (request, reply) =>
        sendAnswer(
          reply,
          await useCases.command(actorOf(request), request.params.id, command, {
            version: expectedVersion(request),
            occurrenceDate: request.body?.occurrence_date ?? request.query.occurrence_date,
          }),
        ),
    );

  app.post(
    "/tasks/bulk",
    {
      bodyLimit: BULK_BODY_BYTES,
      config: write,
      schema: { tags, summary: "Up to 500 operations as one write", body: BulkRequest, response: { 200: BulkAnswer } },
    },
    async (request, reply) => sendAnswer(reply, await useCases.bulk(actorOf(request), request.body.operations)),
  );

  app.get(
    "/recurrence/preview",
    {
      config: read,
      schema: {
        tags,
        summary: "The next dates of a pattern",
        querystring: PreviewQuery,
        response: { 200: RecurrencePreview },
      },
    },
    async ({ identity, query }) =>
      previewRecurrence(
        query,
        query.time_zone === undefined ? await writer.zoneOf(identity.userId) : readZone(query.time_zone),
      ),
  );

  timeTravelRoutes(app, timeTravel);

  app.post(
    "/undo/:handle",
    {
      config: write,
      schema: {
        tags,
        summary: "Take a write back",
        params: Type.Object({ handle: Type.String({ maxLength: 100 }) }),
        response: { 200: UndoAnswer },
      },
    },
    async (request, reply) => sendAnswer(reply, await useCases.undo(actorOf(request), request.params.handle)),
  );
};
