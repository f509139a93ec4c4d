import type { IncomingMessage } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { DomainError, problems } from "../../../contract/problem.ts";
import { StreamQuery } from "../../../contract/stream.ts";
import type { Logger } from "../../../ports.ts";
import { firstMessage } from "./first-message.ts";
import type { OpenStream } from "./opening.ts";
import { assertSameOrigin } from "./origin.ts";
import { assertOwner, type SignIn } from "./sign-in.ts";
import type { Stream } from "./stream.ts";
import type { Streams } from "./streams.ts";
import { closeCodes, reasonOf, webSocketPeer, type WebSocketOptions } from "./web-socket.ts";

export interface WebSocketRoutesDeps extends WebSocketOptions {
  readonly streams: Streams;
  readonly signIn: SignIn;
  readonly openStream: OpenStream;
  readonly log: Logger;
}

/** A token fits many times over; a client has nothing else to say. */
const MOST_BYTES = 16_384;
/** Connections that have not said whose they are. */
const MOST_UNKNOWN = 1_000;
/**
 * `closeTimeout` is how long the other end may take to say goodbye, in milliseconds; the library's types do not know it
 * yet.
 */
const serverOptions = { maxPayload: MOST_BYTES, perMessageDeflate: false, closeTimeout: 2_000 };

const schema = {
  tags: ["live updates"],
  summary: "The same stream as a WebSocket",
  description:
    'A message is `{"id": <sequence>, "event": <type>, "data": …}`, the frames of `/notifications/stream`. Sign in by a ticket or an `Authorization` header, or else by the ' +
    'first message, `{"type": "auth", "token": …, "since": …}`, within 10 seconds. A refusal after the upgrade is a close code of 4000 + its HTTP status.',
  querystring: StreamQuery,
  response: { 101: { description: "The stream" } },
};

/** `/ws`: the streams of `/notifications/stream` over WebSockets. */
export const webSocketRoutes = (instance: FastifyInstance, deps: WebSocketRoutesDeps): void => {
  const { streams, signIn, openStream, log } = deps;
  /** Places of clients that signed in before the upgrade. */
  const reserved = new WeakMap<IncomingMessage, Stream>();
  let unknown = 0;

  const signInFirst = async (request: FastifyRequest): Promise<void> => {
    assertSameOrigin(request);
    const proof = { headers: request.raw.headers, ticket: (request.query as StreamQuery).ticket };
    if (!signIn.proves(proof)) {
      if (unknown >= MOST_UNKNOWN)
        throw new DomainError("unavailable", "too many connections have not signed in yet", { retryAfter: 1 });
      return;
    }
    const opener = await signIn.openerOf(proof);
    assertOwner(request.owner, opener.userId);
    const stream = streams.reserve(opener);
    // An upgrade may fail for what the library finds wrong with it.
    request.raw.socket.once("close", () => streams.release(stream));
    reserved.set(request.raw, stream);
  };

  const signInByMessage = async (
    socket: WebSocket,
    request: FastifyRequest,
  ): Promise<{ stream: Stream; since: number | undefined }> => {
    unknown += 1;
    try {
      const { token, since } = await firstMessage(socket);
      const opener = await signIn.openerOfToken(token);
      assertOwner(request.owner, opener.userId);
      return { stream: streams.reserve(opener), since: since ?? undefined };
    } finally {
      unknown -= 1;
    }
  };

  const open = async (socket: WebSocket, request: FastifyRequest): Promise<void> => {
    const transport = request.raw.socket;
    const known = reserved.get(request.raw);
    const { stream, since } =
      known === undefined ? await signInByMessage(socket, request) : { stream: known, since: undefined };
    await openStream(stream, since ?? (request.query as StreamQuery).since, ({ drain, close }) => {
      if (socket.readyState !== socket.OPEN) return undefined;
      transport.on("drain", drain);
      socket.once("close", close);
      return webSocketPeer(socket, transport, deps);
    });
  };

  const refuse = (socket: WebSocket, error: unknown): void => {
    const refusal = error instanceof DomainError ? error : new DomainError("internal", "something failed here");
    if (refusal !== error) log.error({ err: error }, "a WebSocket failed");
    socket.close(closeCodes.refusal + problems[refusal.code].status, reasonOf(refusal.message));
  };

  void instance.register(async (scope) => {
    // What a peer does wrong is told to it by the library; its end is what counts here.
    const errorHandler = (_error: Error, socket: WebSocket): void => socket.terminate();
    await scope.register(websocket, { errorHandler, options: serverOptions });
    scope.withTypeProvider<TypeBoxTypeProvider>().route({
      method: "GET",
      url: "/ws",
      exposeHeadRoute: false,
      config: { access: "public", stream: true },
      schema,
      preHandler: async (request) => {
        if (request.ws) await signInFirst(request);
      },
      handler: async () => {
        throw new DomainError("upgrade_required", "open a WebSocket here");
      },
      wsHandler: (socket, request) => void open(socket, request).catch((error: unknown) => refuse(socket, error)),
    });
  });
};
