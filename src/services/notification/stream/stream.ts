import type { Cursor } from "./cursor.ts";
import type { Frame } from "./frame.ts";

/**
 * - `opening`: it has its place among the user's streams, but no cursor and no peer yet.
 * - `replaying`: reads the log until it has caught up.
 * - `live`: has sent all it knows of; events are written as they come.
 * - `full`: the reader is slower than the events. Nothing is kept for it but the cursor; it replays once it has drained.
 * - `ended`: nothing is written any more.
 */
export type Phase = "opening" | "replaying" | "live" | "full" | "ended";

/** The other end of a stream, by whatever transport. */
export interface Peer {
  /** False when the socket holds enough for now; it drains. */
  write(frame: Frame): boolean;
  /**
   * Shows that the stream lives. `gone` when the other end has shown for too long that it does not; false as for
   * `write`.
   */
  beat(): boolean | "gone";
  /** Closes after everything written was taken; the client comes back. */
  destroySoon(): void;
  /** The same, and says that the token it was opened by has ended. */
  signOut(): void;
  /** Closes at once. */
  destroy(): void;
}

/** One open stream: a cursor into its user's event log. There are many, so it holds nothing else. */
export interface Stream {
  readonly userId: string;
  /** The session or API token it was opened by, and ends with; null for the services themselves. */
  readonly credentialId: string | null;
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
  /** Of notifications: how many were sent in the second that began at `pacedSince`, in milliseconds since the epoch. */
  paced: number;
  pacedSince: number;
  /** Notifications that were not sent one by one, and when the first of them was made. */
  held: number;
  heldSince: number;
  /** Whether it has missed a change of the inbox. */
  inboxMissed: boolean;
}
