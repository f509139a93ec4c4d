import type { Socket } from "node:net";
import type { RawData, WebSocket } from "ws";
import { problems } from "../../../contract/problem.ts";
import type { Peer } from "./stream.ts";

/**
 * Close codes of RFC 6455 §7.4 that are ours to send; a refusal is 4000 + its HTTP status (§7.4.2 leaves 4000 to 4999
 * to us).
 */
export const closeCodes = { policy: 1008, restart: 1012, refusal: 4_000 } as const;

/** A reason is at most 123 bytes (RFC 6455 §5.5). */
export const reasonOf = (text: string): string =>
  Buffer.from(text)
    .subarray(0, 120)
    .toString()
    .replace(/\uFFFD+$/, "");

/** What a client may say between two heartbeats. It has nothing to say. */
const MOST_MESSAGES = 100;

export interface WebSocketOptions {
  /** Heartbeats without an answer after which the other end is gone. */
  readonly mostUnanswered: number;
}

/**
 * The other end of a stream over a WebSocket. A ping is its heartbeat, and what answers is alive; what does not read
 * does not answer, even while nothing else is written. `transport` is the connection beneath: it says when it holds
 * enough.
 */
export const webSocketPeer = (socket: WebSocket, transport: Socket, { mostUnanswered }: WebSocketOptions): Peer => {
  let unanswered = 0;
  let messages = 0;
  const hear = (): void => {
    unanswered = 0;
  };
  socket.on("pong", hear);
  socket.on("message", () => {
    hear();
    messages += 1;
    if (messages > MOST_MESSAGES) socket.close(closeCodes.policy, "this end only listens");
  });

  return {
    write(frame) {
      socket.send(frame.message, { binary: false });
      return !transport.writableNeedDrain;
    },
    beat() {
      if (unanswered >= mostUnanswered) return "gone";
      unanswered += 1;
      messages = 0;
      socket.ping();
      return !transport.writableNeedDrain;
    },
    destroySoon: () => socket.close(closeCodes.restart, "come back and go on where you are"),
    signOut: () => socket.close(closeCodes.refusal + problems.unauthenticated.status, "the token has ended"),
    destroy: () => socket.terminate(),
  };
};

/** The text of a message; undefined for a binary one. */
export const textOf = (data: RawData, isBinary: boolean): string | undefined =>
  isBinary ? undefined : (data as Buffer).toString("utf8");
