import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { DomainError } from "../../contract/problem.ts";
import { problemOf } from "./problems.ts";

/** Requests that may wait on one connection for those before them. No browser sends more than one at a time. */
export const MAX_WAITING_REQUESTS = 32;

/** Fastify's own default; longer than the idle time of usual proxies. */
const KEEP_ALIVE_MS = 72_000;

/** Of a client that still sends its request after the answer: how long it may pause, and how long it may go on. */
const LINGER_PAUSE_MS = 3_000;
const MAX_LINGER_MS = 30_000;

interface Turns {
  /** The request that is answered, or was answered last. */
  answered?: IncomingMessage;
  isAnswering: boolean;
  isRefused: boolean;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

/**
 * An HTTP server that answers the requests of one connection one after another: the next one is begun when the last
 * byte of the answer before it was taken. So a connection costs one answer of memory, whatever is pipelined on it
 * (RFC 9112 §9.3.2) and however slowly it is read. A connection on which too many wait is refused and ends. One that
 * ends with an answer to half a request takes the other half first (RFC 9112 §9.6).
 */
export const createServerWithTurns = (
  answer: RequestListener,
  { requestTimeoutMs, ...options }: ServerOptions & { readonly requestTimeoutMs: number },
): Server => {
  const connections = new WeakMap<Socket, Turns>();

  // The socket as it came: a request has none any more when a proxy has taken it over or the client went away.
  const begin = (turns: Turns, socket: Socket, request: IncomingMessage, response: ServerResponse): void => {
    turns.isAnswering = true;
    turns.answered = request;
    response.once("close", () => {
      const next = socket.destroyed ? undefined : turns.waiting.shift();
      if (next === undefined) turns.isAnswering = false;
      else begin(turns, socket, ...next);
    });
    answer(request, response);
  };

  const takeTurn: RequestListener = (request, response) => {
    const { socket } = request;
    const turns = connections.get(socket) ?? openTurns(socket);
    connections.set(socket, turns);
    if (turns.isRefused) return;
    if (!turns.isAnswering) return begin(turns, socket, request, response);
    if (turns.waiting.length < MAX_WAITING_REQUESTS) return void turns.waiting.push([request, response]);
    turns.isRefused = true;
    socket.pause();
    refuse(response);
  };

  const server = createServer(options, takeTurn);
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
};

const openTurns = (socket: Socket): Turns => {
  const turns: Turns = { isAnswering: false, isRefused: false, waiting: [] };
  const destroySoon = socket.destroySoon.bind(socket);
  // What Node calls after the last answer. A socket that is closed with bytes unread resets the connection, and the
  // client's system then throws away the answer that its program has not read yet.
  socket.destroySoon = () => {
    const { answered } = turns;
    if (answered === undefined || answered.complete || answered.destroyed || turns.isRefused) return destroySoon();
    socket.end();
    cutWhenIdle(socket);
    answered.once("close", destroySoon);
    answered.resume();
  };
  return turns;
};

/** Ends a connection that nothing comes from any more, or that has gone on for too long. */
const cutWhenIdle = (socket: Socket): void => {
  let [seen, rounds] = [socket.bytesRead, 0];
  const watch = setInterval(() => {
    rounds += 1;
    if (socket.bytesRead === seen || rounds * LINGER_PAUSE_MS >= MAX_LINGER_MS) socket.destroy();
    seen = socket.bytesRead;
  }, LINGER_PAUSE_MS);
  // A request whose answer is sent is not told that its client has gone; the socket is.
  socket.once("close", () => clearInterval(watch));
};

/** Follows the answers to those who wait, and ends the connection. */
const refuse = (response: ServerResponse): void => {
  const message = `a connection may have ${MAX_WAITING_REQUESTS} requests waiting`;
  const problem = problemOf(new DomainError("rate_limited", message, { retryAfter: 1 }));
  response
    .writeHead(problem.status, { "content-type": "application/problem+json", "retry-after": "1", connection: "close" })
    .end(JSON.stringify(problem));
};
