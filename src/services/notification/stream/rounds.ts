import type { EventLog } from "../../../ports.ts";
import type { Registry } from "./registry.ts";
import type { Replay } from "./replay.ts";
import type { Stream } from "./stream.ts";
import type { Writer } from "./writer.ts";

export interface RoundsDeps {
  readonly registry: Registry;
  readonly writer: Writer;
  readonly replay: Replay;
  readonly eventLog: EventLog;
  /** Turns in a round; a turn is a second. */
  readonly slots: number;
  readonly idleMs: number;
}

/** Seconds after which a lost event is found at the latest. While a sidecar is away or joins anew, the bus loses broadcasts. */
const HEAD_ROUND_SECONDS = 5;

/**
 * What is done for every stream once a round, a part of the streams in each second: 10,000 at once would make everything
 * else in the process wait.
 */
export interface Rounds {
  /** Shows the streams whose turn it is that they live, and drops those that read nothing. */
  beat(): void;
  /** Compares the cursors of the streams whose turn it is with the heads of their logs, which heals what the bus has lost. */
  compareHeads(): Promise<void>;
}

export const createRounds = ({ registry, writer, replay, eventLog, slots, idleMs }: RoundsDeps): Rounds => {
  let beatSlot = 0;
  let headSlot = 0;
  const headSlots = Math.ceil(slots / HEAD_ROUND_SECONDS);

  /** `cursor` is from before the heads were read: what was sent since then is ahead of them, rightly. */
  const compare = (stream: Stream, cursor: number, head: number | undefined): void => {
    if (stream.phase === "opening" || stream.phase === "ended") return;
    // The account is closed, or an older backup was restored: whoever comes back is told by the answer to that.
    if (head === undefined || head < cursor) return writer.end(stream);
    stream.newest = Math.max(stream.newest, head);
    if (stream.phase === "live") replay.settle(stream);
  };

  return {
    beat() {
      for (const stream of registry.inSlot(beatSlot)) writer.heartbeat(stream);
      writer.dropStuck(idleMs);
      beatSlot = (beatSlot + 1) % slots;
    },
    async compareHeads() {
      const slotsOfTurn = Array.from({ length: headSlots }, (_none, index) => (headSlot + index) % slots);
      const turn = slotsOfTurn.flatMap((slot) => [...registry.inSlot(slot)]).map((stream) => ({ stream, cursor: stream.cursor }));
      if (turn.length > 0) {
        const heads = await eventLog.heads([...new Set(turn.map(({ stream }) => stream.userId))]);
        for (const { stream, cursor } of turn) compare(stream, cursor, heads.get(stream.userId));
      }
      headSlot = (headSlot + headSlots) % slots;
    },
  };
};
