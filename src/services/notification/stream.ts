import type { Socket } from "node:net";
import type { Cursor } from "./cursor.ts";

/**
 * - `opening`: it has its place among the user's streams, but no cursor and no socket yet.
 * - `replaying`: reads the log until it has caught up.
 * - `live`: has sent all it knows of; events are written as they come.
 * - `full`: the reader is slower than the events. Nothing is kept for it but the cursor; it replays once it has drained.
 * - `ended`: nothing is written any more.
 */
export type Phase = "opening" | "replaying" | "live" | "full" | "ended";

/** One open stream: a cursor into its user's event log. There are many, so it holds nothing else. */
export interface Stream {
  readonly userId: string;
  /** Its turn in the heartbeat round. */
  readonly slot: number;
  socket: Socket | undefined;
  phase: Phase;
  cursor: Cursor;
  /** The newest sequence known to be in the log. */
  newest: number;
  /** Milliseconds since the epoch; means something in the phase `full` only. */
  fullSince: number;
}
