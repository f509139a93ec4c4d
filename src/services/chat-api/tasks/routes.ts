import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyRequest } from "fastify";
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
import type { Command } from "../../../contract/command.ts";
import { type Decision, noTask } from "../../../domain/command/decision.ts";
import type { DoorAnswer, Execute } from "../execute.ts";
import { runBulk } from "./bulk.ts";
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
import { findTask } from "./task-store.ts";
import type { Undo } from "./undo.ts";
import type { TaskWriter } from "./writer.ts";

export interface TaskRoutesDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly processorShare: ProcessorShare;
  readonly execute: Execute;
  readonly undo: Undo;
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
  { path: "complete", kind: "task.complete", summary: "Complete a task; safe to repeat" },
  { path: "reopen", kind: "task.reopen", summary: "Reopen a task; safe to repeat" },
  { path: "skip-occurrence", kind: "task.skip", summary: "Skip an occurrence; safe to repeat" },
  { path: "restore", kind: "task.restore", summary: "Restore a task; safe to repeat" },
  {
    path: "detach",
    kind: "task.detach",
    summary: "Make an occurrence a task of its own; its place in the series stays taken",
  },
] as const;

const targetOf = (request: FastifyRequest<{ Params: { id: string } }>) => ({
  id: request.params.id,
  version: expectedVersion(request),
});

const answerTask = ({ task, isNew, warnings }: Decision): DoorAnswer<Omit<WrittenTask, "undo">> => ({
  status: isNew ? 201 : 200,
  body: { ...task, warnings: [...warnings] },
});

/** 500 tasks of full length in one-byte characters; of wider ones fewer fit. */
const BULK_BODY_BYTES = 4 * 1024 * 1024;

/** `/tasks` and `/undo`: the HTTP form of the commands to tasks. */
export const taskRoutes = (
  instance: FastifyInstance,
  { database, clock, processorShare, execute, undo, writer, timeTravel, emptyTrash }: TaskRoutesDeps,
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
    async (request, reply) => {
      const command = { kind: "task.create", task: request.body } as const;
      return sendAnswer(reply, await execute.one(actorOf(request), command, answerTask));
    },
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
      const answer = await execute.one(actorOf(request), { kind: "task.create", task: input }, (decision) => ({
        status: 201,
        body: { task: decision.task, understood, refused, warnings: [...decision.warnings] },
      }));
      return sendAnswer(reply, answer);
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
      const task = await findTask(database, identity.userId, params.id);
      if (task === undefined) throw noTask(params.id);
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
      handler: async (request, reply) => {
        const { scope } = request.query;
        const command = { kind: "task.update", ...targetOf(request), patch: request.body, scope } as const;
        return sendAnswer(reply, await execute.one(actorOf(request), command, answerTask));
      },
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
      const command: Command = { kind: "task.delete", ...targetOf(request), ...request.query };
      const { body } = await execute.one(actorOf(request), command, answerTask);
      return reply
        .header("undo", body.undo ?? "")
        .code(204)
        .send(null);
    },
  );

  for (const { path, kind, summary } of taskCommands)
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
      async (request, reply) => {
        const occurrence_date = request.body?.occurrence_date ?? request.query.occurrence_date;
        const command = { kind, ...targetOf(request), occurrence_date } as const;
        return sendAnswer(reply, await execute.one(actorOf(request), command, answerTask));
      },
    );

  app.post(
    "/tasks/bulk",
    {
      bodyLimit: BULK_BODY_BYTES,
      config: write,
      schema: { tags, summary: "Up to 500 operations as one write", body: BulkRequest, response: { 200: BulkAnswer } },
    },
    async (request, reply) => sendAnswer(reply, await runBulk(execute, actorOf(request), request.body.operations)),
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
        description:
          "Each field that the write changed gets its old value; what was changed besides stays. When one of them is no longer what the write left, nothing is undone: a 409 whose `conflicts` name the fields. The undo of an undo is a redo.",
        params: Type.Object({ handle: Type.String({ maxLength: 100 }) }),
        response: { 200: UndoAnswer },
      },
    },
    async (request, reply) => sendAnswer(reply, await undo(actorOf(request), request.params.handle)),
  );
};
