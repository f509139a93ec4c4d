import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { EventSourceMessage } from "eventsource-parser";
import { WebSocket } from "ws";
import { createReceived, type EventStream, type StreamOptions } from "./event-stream.ts";

/** How a WebSocket was closed by the server. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface WebSocketStream extends EventStream {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
}

export interface WebSocketOptions extends StreamOptions {
  /** The token goes into the header of the upgrade, instead of the first message. */
  readonly inHeader?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const REFUSAL = 4_000;

/** The same as `openStream`, over a WebSocket: signed in by a ticket in the query, or else by the first message. */
export const openWebSocket = async (url: string, options: WebSocketOptions): Promise<WebSocketStream> => {
  const { token, ticket, since, lastEventId, path = "/api/v1/ws", inHeader = false } = options;
  const cursor = lastEventId === undefined ? since : Number(lastEventId);
  const address = new URL(path, url.replace(/^http/, "ws"));
  if (ticket !== undefined) address.searchParams.set("ticket", ticket);
  if (cursor !== undefined && (ticket !== undefined || inHeader)) address.searchParams.set("since", String(cursor));
  const headers = { ...options.headers, ...(inHeader ? { authorization: `Bearer ${token}` } : {}) };
  const socket = new WebSocket(address, { headers });
  const stream = readSocket(socket);
  const refused = await Promise.race([once(socket, "open").then(() => undefined), stream.refused]);
  if (refused !== undefined) return { ...stream, ...refused };
  if (ticket === undefined && !inHeader && token !== undefined)
    socket.send(JSON.stringify({ type: "auth", token, ...(cursor === undefined ? {} : { since: cursor }) }));
  // A refusal after the upgrade comes in place of the first frame; with a cursor there may be none for long.
  const frames = token === undefined || cursor !== undefined ? 0 : 1;
  const status = await Promise.race([
    stream.received(frames).then(
      () => 200,
      () => 0,
    ),
    stream.closed.then(({ code }) => code - REFUSAL),
  ]);
  return Object.assign(stream, { status });
};

const readSocket = (socket: WebSocket) => {
  const received = createReceived();
  const refused = Promise.withResolvers<Pick<EventStream, "status" | "headers" | "body">>();
  const closed = Promise.withResolvers<Closed>();
  let comments = 0;
  socket.on("message", (data: Buffer) => received.add(messageOf(data.toString())));
  socket.on("ping", () => (comments += 1));
  socket.on("error", () => undefined);
  socket.on("close", (code, reason) => {
    closed.resolve({ code, reason: reason.toString() });
    received.end();
  });
  socket.on(
    "unexpected-response",
    (_request, response: IncomingMessage) => void answerOf(response).then(refused.resolve),
  );
  return {
    socket,
    status: 200,
    headers: {} as IncomingMessage["headers"],
    events: received.events,
    get comments() {
      return comments;
    },
    received: received.atLeast,
    body: () => Promise.reject(new Error("a WebSocket has no body")),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    cut: () => socket.terminate(),
    ended: received.ended,
    closed: closed.promise,
    refused: refused.promise,
  };
};

/** In the form of the server-sent frame that it stands for. */
const messageOf = (text: string): EventSourceMessage => {
  const { id, event, data } = JSON.parse(text) as { id?: number; event: string; data: unknown };
  return { id: id === undefined ? undefined : String(id), event, data: JSON.stringify(data) };
};

const answerOf = async (response: IncomingMessage): Promise<Pick<EventStream, "status" | "headers" | "body">> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, body: async <T>() => JSON.parse(text) as T };
};
