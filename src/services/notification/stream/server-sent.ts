import type { Socket } from "node:net";
import type { FastifyReply } from "fastify";
import type { Peer } from "./stream.ts";

/** `no-transform` and `x-accel-buffering` keep proxies from holding frames back. */
const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
  connection: "close",
};

/** A comment: it changes nothing at the reader and shows that the stream lives. */
const heartbeat = Buffer.from(":\n\n");

function destroy(this: Socket): void {
  this.destroy();
}

function ignore(): void {
  // A connection that breaks closes as well, and `close` is what is listened for.
}

/**
 * Sends the head of an event stream and takes its socket over from HTTP; the body ends with the connection (RFC 9112
 * §6.3). Of an idle stream only the socket is left then: request, reply and their objects are several KiB, times
 * 10,000. Undefined when the client has gone already.
 */
export const takeSocket = (reply: FastifyReply, keepAliveMs: number): Socket | undefined => {
  const response = reply.raw;
  const { socket } = response;
  reply.hijack();
  if (socket === null || socket.destroyed) return undefined;
  response.removeHeader("transfer-encoding");
  response.writeHead(200, { ...reply.getHeaders(), ...headers } as Record<string, string>);
  response.flushHeaders();
  response.detachSocket(socket);
  listenAlone(socket);
  // A peer that has vanished without a word would keep its place for a quarter of an hour.
  socket.setKeepAlive(true, keepAliveMs);
  return socket;
};

/** The reader of a server-sent stream. It says nothing, so that its life shows only by its reading. */
export const serverSentPeer = (socket: Socket): Peer => ({
  write: (frame) => socket.write(frame.serverSent),
  beat: () => socket.write(heartbeat),
  destroySoon: () => socket.destroySoon(),
  signOut: () => socket.destroySoon(),
  destroy: () => void socket.destroy(),
});

/**
 * Of the HTTP server's listeners only those stay that let go of its parser in the end. What a client sends after its
 * request, its FIN too, ends the connection: nobody reads requests from it any more.
 */
const listenAlone = (socket: Socket): void => {
  const closing = socket.listeners("close") as (() => void)[];
  socket.removeAllListeners();
  for (const listener of closing) socket.on("close", listener);
  socket.on("data", destroy);
  socket.on("end", destroy);
  socket.on("error", ignore);
};
