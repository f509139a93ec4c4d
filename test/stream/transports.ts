import { type EventStream, openStream, type StreamOptions } from "./event-stream.ts";
import { openWebSocket } from "./web-socket-stream.ts";

/** One core, two transports: what holds for a stream holds for both. */
export const transports: readonly {
  readonly name: string;
  readonly open: (url: string, options: StreamOptions) => Promise<EventStream>;
}[] = [
  { name: "server-sent events", open: openStream },
  { name: "WebSocket", open: openWebSocket },
];
