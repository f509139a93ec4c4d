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

export const StreamQuery = Type.Object(
  {
    ticket: Type.Optional(Type.String({ maxLength: 200 })),
    since: Type.Optional(Type.Integer({ minimum: 0, description: "Replay everything after this sequence" })),
  },
  { additionalProperties: false },
);
export type StreamQuery = Static<typeof StreamQuery>;
