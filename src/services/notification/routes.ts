import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { DomainError } from "../../contract/problem.ts";
import { StreamCursor, StreamQuery, StreamTicket } from "../../contract/stream.ts";
import type { EventLog, TokenVerifier } from "../../ports.ts";
import { takeSocket } from "./response.ts";
import type { Stream } from "./stream.ts";
import type { Streams } from "./streams.ts";
import type { Tickets } from "./ticket.ts";

export interface NotificationRoutesDeps {
  readonly streams: Streams;
  readonly tickets: Tickets;
  readonly eventLog: EventLog;
  readonly verifier: TokenVerifier;
  /** Milliseconds of silence after which a connection is probed. */
  readonly keepAliveMs: number;
}

const tags = ["live updates"];

const streamSchema = {
  tags,
  summary: "Every change as it happens (server-sent events)",
  description:
    "A frame is `id: <sequence>`, `event: <type>`, `data: <the event>`. Sequences have no gaps. Without a cursor the stream begins at the head " +
    "and says where that is by a `hello` event; with one (`Last-Event-ID`, or else `since`) everything after it comes first. `resync` asks to load " +
    "everything anew and to go on from its `sequence`. Sign in by `Authorization`, or by a ticket.",
  querystring: StreamQuery,
  headers: Type.Object({ "last-event-id": Type.Optional(StreamCursor) }),
  response: { 200: { description: "The stream", content: { "text/event-stream": { schema: Type.String() } } } },
};

/** `/notifications`: the stream, and tickets to open it where no header can be sent. */
export const notificationRoutes = (instance: FastifyInstance, { streams, tickets, eventLog, verifier, keepAliveMs }: NotificationRoutesDeps): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const userOf = async ({ headers }: FastifyRequest, ticket: string | undefined): Promise<string> => {
    if (ticket !== undefined) return tickets.redeem(ticket);
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
    if (token === undefined) throw new DomainError("unauthenticated", "send a token as Authorization: Bearer …, or a ticket");
    const { userId, scopes } = await verifier.verify(token);
    if (!scopes.includes("read")) throw new DomainError("insufficient_scope", "this needs the scope read");
    return userId;
  };

  /** The place is taken before the log is asked, so that what is committed in between is noticed. */
  const openStream = async (stream: Stream, reply: FastifyReply, since: number | undefined): Promise<void> => {
    try {
      const range = await eventLog.range(stream.userId);
      const socket = takeSocket(reply, keepAliveMs);
      if (socket === undefined) return streams.release(stream);
      socket.on("drain", () => streams.drained(stream));
      socket.on("close", () => streams.release(stream));
      streams.open(stream, socket, range, since);
    } catch (error) {
      streams.release(stream);
      throw error;
    }
  };

  // A HEAD would be answered with a stream that nobody reads.
  app.get("/notifications/stream", { exposeHeadRoute: false, config: { access: "public" }, schema: streamSchema }, async (request, reply) => {
    const since = request.headers["last-event-id"] ?? request.query.since;
    const userId = await userOf(request, request.query.ticket);
    if (request.owner !== undefined && request.owner !== userId) throw new DomainError("not_found", "nothing is at this address");
    await openStream(streams.reserve(userId), reply, since);
    return reply;
  });

  app.post(
    "/notifications/stream-ticket",
    { config: { access: "read" }, schema: { tags, summary: "A ticket to open one stream with, once, within 30 seconds", response: { 200: StreamTicket } } },
    ({ identity }) => tickets.issue(identity.userId),
  );
};
