import type { Clock } from "../../../ports.ts";
import { coalescedFrame, type Frame } from "./frame.ts";
import type { Stream } from "./stream.ts";
import type { Writer } from "./writer.ts";

/** What nobody can read anyhow is told as a number (spec §5). */
const MOST_A_SECOND = 10;
const SECOND_MS = 1_000;

/** Notifications on streams: at most ten a second one by one, all others as a number, and none without a word. */
export interface Pace {
  /** Sends a notification that was made at `madeAt` (epoch ms), or keeps that there was one. */
  send(stream: Stream, frame: Frame, madeAt: number): void;
  /** The stream can be written to again, or for the first time. */
  resume(stream: Stream): void;
}

export const createPace = ({ clock, writer }: { clock: Clock; writer: Writer }): Pace => {
  const begin = (stream: Stream, now: number): void => {
    stream.pacedSince = now;
    stream.paced = 0;
  };

  const hold = (stream: Stream, madeAt: number): void => {
    stream.heldSince = stream.held === 0 ? madeAt : Math.min(stream.heldSince, madeAt);
    stream.held += 1;
    if (stream.held === 1) later(stream);
  };

  const later = (stream: Stream): void => {
    const ms = Math.max(0, stream.pacedSince + SECOND_MS - clock.now());
    setTimeout(() => flush(stream), Math.min(ms, SECOND_MS)).unref();
  };

  const flush = (stream: Stream): void => {
    if (stream.held === 0 || !isOpen(stream)) return;
    begin(stream, clock.now());
    stream.paced = 1;
    const { held: count, heldSince } = stream;
    stream.held = 0;
    writer.sendExtra(stream, coalescedFrame({ type: "coalesced", count, since: new Date(heldSince).toISOString() }));
  };

  return {
    send(stream, frame, madeAt) {
      const now = clock.now();
      if (now - stream.pacedSince >= SECOND_MS || now < stream.pacedSince) begin(stream, now);
      if (!isOpen(stream) || stream.held > 0 || stream.paced >= MOST_A_SECOND) return hold(stream, madeAt);
      stream.paced += 1;
      writer.sendExtra(stream, frame);
    },
    resume(stream) {
      if (stream.held > 0) later(stream);
    },
  };
};

const isOpen = ({ phase }: Stream): boolean => phase === "live" || phase === "replaying";
