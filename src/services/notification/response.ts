import type { Socket } from "node:net";
import type { FastifyReply } from "fastify";

/** `no-transform` and `x-accel-buffering` keep proxies from holding frames back. */
const headers = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
  connection: "close",
};

function destroyOnData(this: Socket): void {
  this.destroy();
}

/**
 * Sends the head of an event stream and takes its socket over from HTTP; the body ends with the connection (RFC 9112 §6.3).
 * Of an idle stream only the socket is left then: request, reply and their objects are several KiB, times 10,000.
 * What a client sends after its request ends the connection, for nobody reads requests from it any more.
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
  socket.removeAllListeners("data");
  socket.on("data", destroyOnData);
  // A peer that has vanished without a word would keep its place for a quarter of an hour.
  socket.setKeepAlive(true, keepAliveMs);
  return socket;
};
