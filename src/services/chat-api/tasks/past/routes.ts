import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { Uuid } from "../../../../contract/scalars.ts";
import { WrittenTask } from "../../../../contract/task.ts";
import {
  KnownPast,
  ListRevert,
  ListRevertAnswer,
  TaskDiff,
  TaskDiffList,
  TaskDiffListQuery,
  TaskDiffQuery,
  TaskRevert,
} from "../../../../contract/time-travel.ts";
import { actorOf, expectedVersion, sendAnswer } from "../request.ts";
import type { TimeTravel } from "./time-travel.ts";

const byId = Type.Object({ id: Uuid });
const read = { access: "read" } as const;
const write = { access: "write" } as const;
const tags = ["tasks"];

/** What became of tasks, and the way back; `as_of` of `/tasks` is among their own routes. */
export const timeTravelRoutes = (instance: FastifyInstance, timeTravel: TimeTravel): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    "/tasks/known-past",
    { config: read, schema: { tags, summary: "How far back tasks are known", response: { 200: KnownPast } } },
    ({ identity }) => timeTravel.known(identity.userId),
  );

  app.get(
    "/tasks/diff",
    {
      config: read,
      schema: {
        tags,
        summary: "What became of all tasks between two moments",
        querystring: TaskDiffListQuery,
        response: { 200: TaskDiffList },
      },
    },
    ({ identity, query }) => timeTravel.diffList(identity.userId, query),
  );

  app.get(
    "/tasks/:id/diff",
    {
      config: read,
      schema: {
        tags,
        summary: "What became of a task between two moments",
        params: byId,
        querystring: TaskDiffQuery,
        response: { 200: TaskDiff },
      },
    },
    ({ identity, params, query }) => timeTravel.diff(identity.userId, params.id, query),
  );

  app.post(
    "/tasks/:id/revert",
    {
      config: write,
      schema: {
        tags,
        summary: "Take one change of a task back, or make it what it was",
        params: byId,
        body: TaskRevert,
        response: { 200: WrittenTask },
      },
    },
    async (request, reply) =>
      sendAnswer(
        reply,
        await timeTravel.revert(actorOf(request), request.params.id, request.body, expectedVersion(request)),
      ),
  );

  app.post(
    "/tasks/revert",
    {
      config: write,
      schema: {
        tags,
        summary: "Make all tasks what they were, as one write of at most 500 tasks",
        body: ListRevert,
        response: { 200: ListRevertAnswer },
      },
    },
    async (request, reply) => sendAnswer(reply, await timeTravel.revertAll(actorOf(request), request.body.as_of)),
  );
};
