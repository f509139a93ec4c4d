import type { EventLog } from "../../../ports.ts";
import type { Cursor } from "./cursor.ts";
import type { Peer, Stream } from "./stream.ts";
import type { Streams } from "./streams.ts";

/**
 * Takes over the transport of a stream and says when it has drained and when it has closed; undefined when the client
 * has gone already.
 */
export type Connect = (on: { drain(): void; close(): void }) => Peer | undefined;

/** Opens a stream that has its place, by any transport; gives the place back when that fails. */
export type OpenStream = (stream: Stream, since: Cursor | undefined, connect: Connect) => Promise<void>;

export const createOpening =
  ({ streams, eventLog }: { streams: Streams; eventLog: EventLog }): OpenStream =>
  async (stream, since, connect) => {
    try {
      // After the place was taken, so that what is committed in between is noticed.
      const range = await eventLog.range(stream.userId);
      const peer = connect({ drain: () => streams.drained(stream), close: () => streams.release(stream) });
      if (peer === undefined) streams.release(stream);
      else streams.open(stream, peer, range, since);
    } catch (error) {
      streams.release(stream);
      throw error;
    }
  };
