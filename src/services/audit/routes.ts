import { Readable } from "node:stream";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Database } from "../../adapters/db/database.ts";
import {
  ActivityLog,
  ActivityQuery,
  AuditLog,
  AuditLogQuery,
  AuditReadQuery,
  AuditReads,
  TaskHistory,
  TaskHistoryQuery,
} from "../../contract/audit.ts";
import { DomainError } from "../../contract/problem.ts";
import { Uuid } from "../../contract/scalars.ts";
import { inWords } from "../../domain/audit/words.ts";
import { readDueSpan } from "../../domain/due-date.ts";
import type { Clock, Directory, Identity, Logger, ProcessorShare } from "../../ports.ts";
import { readIdCursor, readLogCursor, readSequenceCursor, writeLogCursor, writeSequenceCursor } from "./cursor.ts";
import { exportLog, exportTypes } from "./export.ts";
import {
  findTaskOwner,
  hasHistory,
  type LogFilter,
  readActivity,
  readLog,
  readTaskHistory,
  toEntries,
} from "./queries.ts";
import type { Reads } from "./reads.ts";

export interface AuditRoutesDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly processorShare: ProcessorShare;
  readonly log: Logger;
  readonly reads: Reads;
}

const DEFAULT_LIMIT = 50;
const read = { access: "read" } as const;
const tags = ["audit"];

/** `/audit`, `/audit-logs`, `/activity-logs`: the history as it is read (spec §6). */
export const auditRoutes = (
  instance: FastifyInstance,
  { database, directory, processorShare, log, reads }: AuditRoutesDeps,
): void => {
  const exporting = new Set<string>();
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  /** Reading what is someone else's is recorded first, and refused when that cannot be done. */
  const note = async (request: FastifyRequest, userId: string | undefined): Promise<void> => {
    const { identity, url, id } = request;
    if (userId !== identity.userId) await reads.note(identity, { userId, request: `GET ${url}`, correlationId: id });
  };

  app.get(
    "/audit/tasks/:id",
    {
      config: read,
      schema: {
        tags,
        summary: "The history of a task, oldest first",
        params: Type.Object({ id: Uuid }),
        querystring: TaskHistoryQuery,
        response: { 200: TaskHistory },
      },
    },
    async (request): Promise<TaskHistory> => {
      const { identity, params, query } = request;
      const limit = query.limit ?? DEFAULT_LIMIT;
      const after = query.cursor === undefined ? 0 : readSequenceCursor(query.cursor);
      const owner = await ownerOf({ database, directory }, identity, params.id, query.user_id);
      if (owner === undefined) throw new DomainError("not_found", `there is no task ${params.id}`);
      await note(request, owner);
      const rows = await readTaskHistory(database, { userId: owner, taskId: params.id }, after, limit + 1);
      const page = rows.slice(0, limit);
      return {
        events: await toEntries(page, directory),
        next_cursor: rows.length > limit ? writeSequenceCursor(page.at(-1)?.sequence ?? after) : null,
      };
    },
  );

  app.get(
    "/audit-logs",
    {
      config: read,
      schema: {
        tags,
        summary: "The history of all tasks, newest first",
        description:
          "A user sees their own, an administrator everyone's. `format=csv` and `format=ndjson` stream everything that matches; they take no `limit` and no `cursor`.",
        querystring: AuditLogQuery,
        response: { 200: { description: "A page, or all of it as a file", content: logContent } },
      },
    },
    async (request, reply) => {
      const { identity, query } = request;
      const filter = await inInstants(directory, identity, visible(query, identity));
      await note(request, filter.user_id);
      if (query.format === "csv" || query.format === "ndjson")
        return sendExport(reply, { userId: identity.userId, format: query.format, filter });
      const limit = query.limit ?? DEFAULT_LIMIT;
      const rows = await readLog(
        database,
        filter,
        query.cursor === undefined ? undefined : readLogCursor(query.cursor),
        limit + 1,
      );
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      const next_cursor =
        last === undefined
          ? null
          : writeLogCursor({ timestamp: last.occurred_at.toISOString(), eventId: last.event_id });
      return reply.send({ events: await toEntries(page, directory), next_cursor } satisfies AuditLog);
    },
  );

  const sendExport = (reply: FastifyReply, { userId, format, filter }: Export): FastifyReply => {
    if (exporting.has(userId))
      throw new DomainError("rate_limited", "one export at a time; the one before is not over", { retryAfter: 5 });
    exporting.add(userId);
    const work = processorShare.begin(userId);
    const lines = exportLog({ database, directory, work }, format, filter);
    const stream = Readable.from(lines, { objectMode: false, highWaterMark: EXPORT_BUFFER_BYTES });
    stream.once("close", () => exporting.delete(userId));
    stream.on("error", (error) => log.warn({ err: error }, "an export of the history ended early"));
    return reply
      .type(exportTypes[format])
      .header("content-disposition", `attachment; filename="taskflow-history.${format}"`)
      .send(stream);
  };

  app.get(
    "/activity-logs",
    {
      config: read,
      schema: {
        tags,
        summary: "What happened, in words, newest first",
        querystring: ActivityQuery,
        response: { 200: ActivityLog },
      },
    },
    async (request): Promise<ActivityLog> => {
      const { limit = DEFAULT_LIMIT, offset = 0 } = request.query;
      const userId = visible(request.query, request.identity).user_id ?? request.identity.userId;
      await note(request, userId);
      const { rows, total } = await readActivity(database, userId, { limit, offset });
      const activities = (await toEntries(rows, directory)).map(
        ({ event_id, event_type, task_id, task_title, actor, timestamp, sequence, changes }) => ({
          event_id,
          event_type,
          task_id,
          task_title,
          actor,
          timestamp,
          sequence,
          text: inWords({ event_type, task_title, changes }),
        }),
      );
      return { activities, total, limit, offset };
    },
  );

  app.get(
    "/audit-reads",
    {
      config: read,
      schema: {
        tags,
        summary: "Who read the history of someone else",
        querystring: AuditReadQuery,
        response: { 200: AuditReads },
      },
    },
    async ({ identity, query }): Promise<AuditReads> => {
      const before = query.cursor === undefined ? undefined : readIdCursor(query.cursor);
      return reads.list(isAdministrator(identity) ? undefined : identity.userId, {
        before,
        limit: query.limit ?? DEFAULT_LIMIT,
      });
    },
  );
};

interface Export {
  readonly userId: string;
  readonly format: "csv" | "ndjson";
  readonly filter: LogFilter;
}

const EXPORT_BUFFER_BYTES = 64 * 1024;

const logContent = {
  "application/json": { schema: AuditLog },
  "text/csv": { schema: Type.String() },
  "application/x-ndjson": { schema: Type.String() },
};

/** An administrator's token with fewer scopes is a user's. */
const isAdministrator = ({ role, scopes }: Identity): boolean => role === "admin" && scopes.includes("admin");

/**
 * Whose task of this id is meant: the reader's own, also one that is gone or of which nothing is recorded yet; for an
 * administrator somebody's, where there is none of their own. Undefined when there is none that the reader may see.
 */
const ownerOf = async (
  { database, directory }: Pick<AuditRoutesDeps, "database" | "directory">,
  identity: Identity,
  taskId: string,
  asked = identity.userId,
): Promise<string | undefined> => {
  if (asked !== identity.userId && !isAdministrator(identity)) return undefined;
  const isTheirs = (await hasHistory(database, asked, taskId)) || (await directory.hasTask(asked, taskId));
  if (isTheirs) return asked;
  return asked === identity.userId && isAdministrator(identity) ? findTaskOwner(database, taskId) : undefined;
};

/** Dates and wall-clock times as the instants they mean where the reader lives. */
const inInstants = async (directory: Directory, { userId }: Identity, filter: LogFilter): Promise<LogFilter> => {
  const { from, to, ...others } = filter;
  if (from === undefined && to === undefined) return filter;
  const zone = await directory.zoneOf(userId);
  return {
    ...others,
    ...(from === undefined ? {} : { from: new Date(readDueSpan("from", from, zone).dueAt).toISOString() }),
    ...(to === undefined ? {} : { to: new Date(readDueSpan("to", to, zone).overdueAt).toISOString() }),
  };
};

/** The filter with whose history may be seen in it; an administrator without `user_id` sees everyone's. */
const visible = (query: LogFilter, identity: Identity): LogFilter => {
  if (isAdministrator(identity)) return query;
  if (query.user_id !== undefined && query.user_id !== identity.userId)
    throw new DomainError("not_found", `there is no user ${query.user_id}`);
  return { ...query, user_id: identity.userId };
};
