import type { CredentialWatch, EventLog } from "../../../ports.ts";
import type { Registry } from "./registry.ts";
import type { Replay } from "./replay.ts";
import type { Stream } from "./stream.ts";
import type { Writer } from "./writer.ts";

export interface RoundsDeps {
  readonly registry: Registry;
  readonly writer: Writer;
  readonly replay: Replay;
  readonly eventLog: EventLog;
  readonly credentials: Pick<CredentialWatch, "living">;
  /** Turns in a round; a turn is a second. */
  readonly slots: number;
  readonly idleMs: number;
}

/**
 * Seconds after which a lost event is found at the latest. While a sidecar is away or joins anew, the bus loses
 * broadcasts.
 */
const HEAD_ROUND_SECONDS = 5;
/**
 * Events that live streams lack when the bus is far behind the log: several of each, so that one read brings what many
 * deliveries would.
 */
const MANY_EVENTS = 32;
const MANY_OF_ONE = 4;

/**
 * What is done for every stream once a round, a part of the streams in each second: 10,000 at once would make
 * everything else in the process wait.
 */
export interface Rounds {
  /**
   * Shows the streams whose turn it is that they live, and drops those that read nothing. Ends those whose session or
   * API token lets nobody in any more, by the database: whatever was missed, and what has reached its time.
   */
  beat(): Promise<void>;
  /**
   * Compares the cursors of the streams whose turn it is with the heads of their logs, which heals what the bus has
   * lost. True while the bus is far behind the log, as with thousands of reminders of one instant: then streams need
   * not wait for it, and the next turn is soon.
   */
  compareHeads(): Promise<boolean>;
}

export const createRounds = ({
  registry,
  writer,
  replay,
  eventLog,
  credentials,
  slots,
  idleMs,
}: RoundsDeps): Rounds => {
  let beatSlot = 0;
  let headSlot = 0;
  /** Turns until everyone was looked at since the last time that many were behind. */
  let hastyTurns = 0;
  const headSlots = Math.ceil(slots / HEAD_ROUND_SECONDS);

  /**
   * Answers how many events a live stream lacked. `cursor` is from before the heads were read: what was sent since then
   * is ahead of them, rightly.
   */
  const compare = (stream: Stream, cursor: number, head: number | undefined): number => {
    if (stream.phase === "opening" || stream.phase === "ended") return 0;
    if (head === undefined || head < cursor) {
      // The account is closed, or an older backup was restored: whoever comes back is told by the answer to that.
      writer.end(stream);
      return 0;
    }
    stream.newest = Math.max(stream.newest, head);
    if (stream.phase !== "live") return 0;
    const lacked = stream.newest - stream.cursor;
    replay.settle(stream);
    return lacked;
  };

  const noteLack = (lacks: readonly number[]): void => {
    const lacking = lacks.filter((lack) => lack > 0);
    const events = lacking.reduce((sum, lack) => sum + lack, 0);
    const isFar = events >= MANY_EVENTS && events >= MANY_OF_ONE * lacking.length;
    hastyTurns = isFar ? Math.ceil(slots / headSlots) : Math.max(0, hastyTurns - 1);
  };

  const endDead = async (streams: readonly Stream[]): Promise<void> => {
    const ids = streams.flatMap(({ credentialId }) => credentialId ?? []);
    const living = await credentials.living([...new Set(ids)]);
    for (const stream of streams) {
      const { credentialId, phase } = stream;
      if (credentialId !== null && phase !== "ended" && !living.has(credentialId)) writer.signOut(stream);
    }
  };

  return {
    async beat() {
      const turn = [...registry.inSlot(beatSlot)];
      beatSlot = (beatSlot + 1) % slots;
      for (const stream of turn) writer.heartbeat(stream);
      writer.dropStuck(idleMs);
      await endDead(turn);
    },
    async compareHeads() {
      const slotsOfTurn = Array.from({ length: headSlots }, (_none, index) => (headSlot + index) % slots);
      const turn = slotsOfTurn
        .flatMap((slot) => [...registry.inSlot(slot)])
        .map((stream) => ({ stream, cursor: stream.cursor }));
      if (turn.length > 0) {
        const heads = await eventLog.heads([...new Set(turn.map(({ stream }) => stream.userId))]);
        noteLack(turn.map(({ stream, cursor }) => compare(stream, cursor, heads.get(stream.userId))));
      }
      headSlot = (headSlot + headSlots) % slots;
      return hastyTurns > 0;
    },
  };
};
