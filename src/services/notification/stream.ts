import type { Cursor } from "./cursor.ts";

/**
 * - `opening`: it has its place among the user's streams, but no cursor and no peer yet.
 * - `replaying`: reads the log until it has caught up.
 * - `live`: has sent all it knows of; events are written as they come.
 * - `full`: the reader is slower than the events. Nothing is kept for it but the cursor; it replays once it has drained.
 * - `ended`: nothing is written any more.
 */
export type Phase = "opening" | "replaying" | "live" | "full" | "ended";

/** What a stream needs of its socket. */
export interface Peer {
  /** False when the socket holds enough for now; it drains. */
  write(frame: Buffer): boolean;
  /** Closes after everything written was taken. */
  destroySoon(): void;
  /** Closes at once. */
  destroy(): void;
}

/** One open stream: a cursor into its user's event log. There are many, so it holds nothing else. */
export interface Stream {
  readonly userId: string;
  /** Its turn in the heartbeat round. */
  readonly slot: number;
  peer: Peer | undefined;
  phase: Phase;
  cursor: Cursor;
  /** The newest sequence known to be in the log. */
  newest: number;
  /** Whether a replay is under way: never two, for they would send the same events. */
  reading: boolean;
  /** Milliseconds since the epoch; means something in the phase `full` only. */
  fullSince: number;
}
