import type { Clock, Logger, Metrics } from "../../../ports.ts";
import type { Cursor } from "./cursor.ts";
import type { Frame } from "./frame.ts";
import type { Stream } from "./stream.ts";

/** What is written to the sockets of streams, and which of their readers are too slow. */
export interface Writer {
  /**
   * Sends an event, after which the stream stands at `sequence`. False when the reader has had enough for now: the
   * stream is `full` until `drained`, and what its socket holds is all that is kept for it.
   */
  sendEvent(stream: Stream, frame: Frame, sequence: Cursor): boolean;
  /** The same for what is not an event: `hello` and `resync`. */
  sendNotice(stream: Stream, frame: Frame, sequence: Cursor): boolean;
  /** The same for what is beside the sequence and leaves the cursor: notifications. */
  sendExtra(stream: Stream, frame: Frame): boolean;
  /** Shows that the stream lives, and drops it when its other end does not. */
  heartbeat(stream: Stream): void;
  drained(stream: Stream): void;
  /** Ends the stream after what was written; its client comes back and resumes. */
  end(stream: Stream): void;
  /** Ends the stream because its token has ended, within a second whatever its reader does. */
  signOut(stream: Stream): void;
  /** Drops the streams whose readers have taken nothing for `ms`. */
  dropStuck(ms: number): void;
}

/** How long a reader may take for what was written before its token ended. */
const SIGN_OUT_MS = 1_000;

export const createWriter = ({ clock, log, metrics }: { clock: Clock; log: Logger; metrics: Metrics }): Writer => {
  const full = new Set<Stream>();

  const becomeFull = (stream: Stream): false => {
    stream.phase = "full";
    stream.fullSince = clock.now();
    full.add(stream);
    return false;
  };

  const write = (stream: Stream, frame: Frame): boolean => stream.peer?.write(frame) !== false || becomeFull(stream);

  const drop = (stream: Stream): void => {
    full.delete(stream);
    stream.peer?.destroy();
    metrics.count("taskflow_streams_dropped_total");
    log.info({ user_id: stream.userId, cursor: stream.cursor }, "a stream is dropped: its reader takes nothing");
  };

  const writeAt = (stream: Stream, frame: Frame, sequence: Cursor): boolean => {
    stream.cursor = sequence;
    return write(stream, frame);
  };

  return {
    sendEvent(stream, frame, sequence) {
      metrics.count("taskflow_stream_events_total");
      return writeAt(stream, frame, sequence);
    },
    sendNotice: writeAt,
    sendExtra: write,
    heartbeat(stream) {
      if (stream.phase !== "live" && stream.phase !== "replaying") return;
      const beat = stream.peer?.beat();
      if (beat === "gone") drop(stream);
      else if (beat === false) becomeFull(stream);
    },
    drained(stream) {
      full.delete(stream);
    },
    end(stream) {
      if (full.delete(stream)) stream.peer?.destroy();
      else stream.peer?.destroySoon();
      stream.phase = "ended";
    },
    signOut(stream) {
      stream.phase = "ended";
      if (full.delete(stream)) return stream.peer?.destroy();
      stream.peer?.signOut();
      setTimeout(() => stream.peer?.destroy(), SIGN_OUT_MS).unref();
    },
    dropStuck(ms) {
      for (const stream of full) {
        if (clock.now() - stream.fullSince >= ms) drop(stream);
      }
    },
  };
};
