import { type Static, Type } from "typebox";

/** A one-time key to open a stream with, because a browser's EventSource sends no header. */
export const StreamTicket = Type.Object({
  ticket: Type.String(),
  expires_in: Type.Integer({ description: "Seconds" }),
});
export type StreamTicket = Static<typeof StreamTicket>;

/** Sent when what the client has not seen is no longer kept: load everything anew and go on from `sequence`. */
export const Resync = Type.Object({ sequence: Type.Integer({ minimum: 0 }) });
export type Resync = Static<typeof Resync>;

/** The first event of a stream that was opened without a cursor: everything after `sequence` will follow. */
export const Hello = Type.Object({ sequence: Type.Integer({ minimum: 0 }) });
export type Hello = Static<typeof Hello>;

/** The last sequence a client has seen: everything after it is replayed. */
export const StreamCursor = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: "Replay everything after this sequence",
});

export const StreamQuery = Type.Object(
  {
    ticket: Type.Optional(Type.String({ maxLength: 200 })),
    since: Type.Optional(StreamCursor),
  },
  { additionalProperties: false },
);
export type StreamQuery = Static<typeof StreamQuery>;

/** The first message of a WebSocket that was opened without a ticket. */
export const StreamAuth = Type.Object({
  type: Type.Literal("auth"),
  token: Type.String({ minLength: 1, maxLength: 10_000 }),
  since: Type.Optional(Type.Union([StreamCursor, Type.Null()])),
});
export type StreamAuth = Static<typeof StreamAuth>;
