import pLimit from "p-limit";
import type { TaskFlowEvent } from "../../../contract/event.ts";
import type { EventLog, Logger, Metrics } from "../../../ports.ts";
import { placeOf } from "./cursor.ts";
import { eventFrame, resyncFrame } from "./frame.ts";
import type { Stream } from "./stream.ts";
import type { Writer } from "./writer.ts";

/** Of the largest events a page is some 2 MB, of usual ones as much as a socket holds. */
const PAGE = 64;
/** After a restart all clients replay at once; the connections are shared with the API. */
const CONCURRENT_READS = 4;

export interface ReplayDeps {
  readonly eventLog: EventLog;
  readonly writer: Writer;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Brings streams up to date from the log. */
export interface Replay {
  /** Live when all that is known of was sent, else on from the cursor with the log. */
  settle(stream: Stream): void;
  /**
   * Tells the client to load everything anew, and goes on behind the newest event there is: `head`, or one heard of
   * since.
   */
  resync(stream: Stream, head: number): void;
}

export const createReplay = ({ eventLog, writer, log, metrics }: ReplayDeps): Replay => {
  const limit = pLimit(CONCURRENT_READS);

  const settle = (stream: Stream): void => {
    stream.phase = stream.newest <= stream.cursor ? "live" : "replaying";
    if (isReplaying(stream) && !stream.reading) void replay(stream);
  };

  const resync = (stream: Stream, head: number): void => {
    metrics.count("taskflow_stream_resyncs_total");
    const sequence = Math.max(head, stream.newest);
    stream.newest = sequence;
    if (writer.sendNotice(stream, resyncFrame(sequence), sequence)) settle(stream);
  };

  const replay = async (stream: Stream): Promise<void> => {
    stream.reading = true;
    metrics.count("taskflow_stream_replays_total");
    try {
      while (isReplaying(stream)) await replayPage(stream);
    } catch (error) {
      log.warn({ err: error }, "the event log cannot be read; a stream is ended and its client resumes");
      if (isReplaying(stream)) writer.end(stream);
    } finally {
      stream.reading = false;
    }
  };

  const replayPage = async (stream: Stream): Promise<void> => {
    const expected = stream.newest;
    const events = await limit(() => (isReplaying(stream) ? eventLog.after(stream.userId, stream.cursor, PAGE) : []));
    if (!isReplaying(stream)) return;
    const complete = sendAll(stream, events);
    if (!isReplaying(stream)) return;
    const missing = !complete || (stream.cursor < expected && events.length < PAGE);
    if (missing) await skipMissing(stream);
    else if (events.length < PAGE) settle(stream);
  };

  /** False at an event that does not follow the one before; writes no further than the reader reads. */
  const sendAll = (stream: Stream, events: readonly TaskFlowEvent[]): boolean => {
    for (const event of events) {
      if (placeOf(event.sequence, stream.cursor) !== "next") return false;
      if (!writer.sendEvent(stream, eventFrame(event), event.sequence)) return true;
    }
    return true;
  };

  /** The log no longer has what comes next: it has left retention since the stream was opened. */
  const skipMissing = async (stream: Stream): Promise<void> => {
    const { head } = await eventLog.range(stream.userId);
    if (isReplaying(stream)) resync(stream, head);
  };

  return { settle, resync };
};

const isReplaying = ({ phase }: Stream): boolean => phase === "replaying";
