import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { StreamCursor, StreamQuery, StreamTicket } from "../../../contract/stream.ts";
import type { OpenStream } from "./opening.ts";
import { serverSentPeer, takeSocket } from "./server-sent.ts";
import { assertOwner, type SignIn } from "./sign-in.ts";
import type { Streams } from "./streams.ts";
import type { Tickets } from "./ticket.ts";

export interface StreamRoutesDeps {
  readonly streams: Streams;
  readonly tickets: Tickets;
  readonly signIn: SignIn;
  readonly openStream: OpenStream;
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
    "everything anew and to go on from its `sequence`. Beside the sequence, without an `id:`, come `notification`, `coalesced` (more than ten " +
    "notifications in a second, as a number) and `inbox` (how many are unread). Sign in by `Authorization`, or by a ticket.",
  querystring: StreamQuery,
  headers: Type.Object({ "last-event-id": Type.Optional(StreamCursor) }),
  response: { 200: { description: "The stream", content: { "text/event-stream": { schema: Type.String() } } } },
};

/** `/notifications/stream`, and tickets to open it where no header can be sent. */
export const streamRoutes = (
  instance: FastifyInstance,
  { streams, tickets, signIn, openStream, keepAliveMs }: StreamRoutesDeps,
): void => {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  // A HEAD would be answered with a stream that nobody reads.
  app.get(
    "/notifications/stream",
    { exposeHeadRoute: false, config: { access: "public", stream: true }, schema: streamSchema },
    async (request, reply) => {
      const since = request.headers["last-event-id"] ?? request.query.since;
      const opener = await signIn.openerOf({ headers: request.raw.headers, ticket: request.query.ticket });
      assertOwner(request.owner, opener.userId);
      await openStream(streams.reserve(opener), since, ({ drain, close }) => {
        const socket = takeSocket(reply, keepAliveMs);
        socket?.on("drain", drain).on("close", close);
        return socket && serverSentPeer(socket);
      });
      return reply;
    },
  );

  app.post(
    "/notifications/stream-ticket",
    {
      config: { access: "read" },
      schema: {
        tags,
        summary: "A ticket to open one stream with, once, within 30 seconds",
        response: { 200: StreamTicket },
      },
    },
    ({ identity }, reply) => {
      void reply.header("cache-control", "no-store");
      return tickets.issue(identity);
    },
  );
};
