import type { TaskFlowEvent } from "../../contract/event.ts";

/**
 * Frames of an event stream (HTML Living Standard, server-sent events). `data` is JSON and JSON has no raw line breaks,
 * so one `data:` line is always enough.
 */
const frame = (id: number, event: string, data: unknown): Buffer =>
  Buffer.from(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

export const eventFrame = (event: TaskFlowEvent): Buffer => frame(event.sequence, event.event_type, event);

/** Where a stream without a cursor begins: everything after `sequence` will follow. */
export const helloFrame = (sequence: number): Buffer => frame(sequence, "hello", { sequence });

/** What the client has not seen is no longer kept: it loads everything anew and goes on from `sequence`. */
export const resyncFrame = (sequence: number): Buffer => frame(sequence, "resync", { sequence });

/** A comment: it changes nothing at the reader and shows that the stream lives. */
export const heartbeatFrame = Buffer.from(":\n\n");
