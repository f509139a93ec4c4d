import { DomainError } from "../../../contract/problem.ts";
import type { Stream } from "./stream.ts";

/** Seconds; a closed stream frees its place at once, so a short wait is enough. */
const RETRY_AFTER = 5;

/** All streams of this process: by user, and in slots that take their heartbeats one after the other. */
export interface Registry {
  readonly size: number;
  /** Takes a place for a new stream of the user; throws `too_many_streams` when none is left. */
  add(userId: string, credentialId?: string | null): Stream;
  remove(stream: Stream): void;
  of(userId: string): readonly Stream[];
  inSlot(slot: number): Iterable<Stream>;
  all(): Iterable<Stream>;
}

/** @param slots how many turns the streams are spread over. */
export const createRegistry = (streamsPerUser: number, slots: number): Registry => {
  const byUser = new Map<string, Stream[]>();
  const bySlot = Array.from({ length: slots }, () => new Set<Stream>());
  const none: readonly Stream[] = [];
  let size = 0;
  let turn = 0;

  return {
    get size() {
      return size;
    },
    add(userId, credentialId = null) {
      const streams = byUser.get(userId) ?? [];
      if (streams.length >= streamsPerUser) {
        throw new DomainError("too_many_streams", `A user may have ${streamsPerUser} open streams; close one first.`, {
          retryAfter: RETRY_AFTER,
        });
      }
      const stream = newStream(userId, credentialId, turn++ % slots);
      byUser.set(userId, [...streams, stream]);
      bySlot[stream.slot]?.add(stream);
      size += 1;
      return stream;
    },
    remove(stream) {
      if (bySlot[stream.slot]?.delete(stream) !== true) return;
      size -= 1;
      const others = (byUser.get(stream.userId) ?? none).filter((other) => other !== stream);
      if (others.length === 0) byUser.delete(stream.userId);
      else byUser.set(stream.userId, others);
    },
    of: (userId) => byUser.get(userId) ?? none,
    inSlot: (slot) => bySlot[slot] ?? none,
    *all() {
      for (const streams of bySlot) yield* streams;
    },
  };
};

const newStream = (userId: string, credentialId: string | null, slot: number): Stream => ({
  userId,
  credentialId,
  slot,
  peer: undefined,
  phase: "opening",
  cursor: 0,
  newest: 0,
  reading: false,
  fullSince: 0,
  paced: 0,
  pacedSince: 0,
  held: 0,
  heldSince: 0,
  inboxMissed: false,
});
