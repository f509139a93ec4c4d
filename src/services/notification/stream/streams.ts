import type { TaskFlowEvent } from "../../../contract/event.ts";
import { DomainError } from "../../../contract/problem.ts";
import type { CredentialWatch, EndedCredential, Metrics } from "../../../ports.ts";
import { type Cursor, type LogRange, openingOf, placeOf } from "./cursor.ts";
import { eventFrame, type Frame, helloFrame } from "./frame.ts";
import type { Registry } from "./registry.ts";
import type { Replay } from "./replay.ts";
import type { Peer, Stream } from "./stream.ts";
import type { Writer } from "./writer.ts";

/** Seconds; the process that stops is replaced by another one, or by itself. */
const RETRY_AFTER = 1;
/** How long a reader may take for what was written before its stream ends. */
const FAREWELL_MS = 2_000;

/** Who opens a stream, and by which session or API token; null for the services themselves. */
export interface Opener {
  readonly userId: string;
  readonly credentialId: string | null;
}

export interface StreamsDeps {
  readonly registry: Registry;
  readonly writer: Writer;
  readonly replay: Replay;
  readonly metrics: Metrics;
  readonly credentials: Pick<CredentialWatch, "hasEnded">;
  /** A stream can be written to, for the first time or again. */
  readonly onOpen?: (stream: Stream) => void;
}

/**
 * All open streams of this process. A user's sequence has no gaps and becomes visible in order, so a stream is nothing
 * but a cursor: the event that follows it is written as it comes, and for any other the log is read from the cursor on.
 */
export interface Streams {
  /**
   * A place for a stream, to be opened or released; throws `too_many_streams`, `unauthenticated` when what it is opened
   * by has ended, and `unavailable` while stopping.
   */
  reserve(opener: Opener): Stream;
  /** Its peer is gone, or never came. */
  release(stream: Stream): void;
  /** Begins to send. `range` was read after the place was reserved, so that no event is missed in between. */
  open(stream: Stream, peer: Peer, range: LogRange, since: Cursor | undefined): void;
  /** The peer has taken everything that was written. */
  drained(stream: Stream): void;
  /** An event was committed. Never waits for a reader. */
  deliver(event: TaskFlowEvent): void;
  /** Ends the streams that were opened by what has ended. */
  signOut(ended: EndedCredential): void;
  /** Ends all streams and takes no new ones; clients come back and resume. Resolves when the last socket is closed. */
  stop(): Promise<void>;
}

export const createStreams = ({
  registry,
  writer,
  replay,
  metrics,
  credentials,
  onOpen = () => undefined,
}: StreamsDeps): Streams => {
  let stopping = false;
  let emptied: (() => void) | undefined;

  const release = (stream: Stream): void => {
    stream.phase = "ended";
    writer.drained(stream);
    registry.remove(stream);
    metrics.gauge("taskflow_streams_open", registry.size);
    if (registry.size === 0) emptied?.();
  };

  const begin = (stream: Stream, range: LogRange, since: Cursor | undefined): void => {
    const opening = openingOf(since, range);
    if (opening.kind === "resync") return replay.resync(stream, range.head);
    stream.cursor = opening.cursor;
    stream.newest = Math.max(stream.newest, range.head);
    if (opening.kind === "hello" && !writer.sendNotice(stream, helloFrame(opening.cursor), opening.cursor)) return;
    replay.settle(stream);
  };

  return {
    reserve({ userId, credentialId }) {
      if (stopping) throw new DomainError("unavailable", "this server is stopping", { retryAfter: RETRY_AFTER });
      // In one turn with taking the place: whatever ends after this finds the stream.
      if (credentialId !== null && credentials.hasEnded(credentialId))
        throw new DomainError("unauthenticated", "the token has ended");
      const stream = registry.add(userId, credentialId);
      metrics.gauge("taskflow_streams_open", registry.size);
      return stream;
    },
    release,
    open(stream, peer, range, since) {
      stream.peer = peer;
      if (stream.phase === "ended") return writer.signOut(stream);
      if (stopping) return writer.end(stream);
      begin(stream, range, since);
      onOpen(stream);
    },
    drained(stream) {
      if (stream.phase !== "full") return;
      writer.drained(stream);
      replay.settle(stream);
      onOpen(stream);
    },
    deliver(event) {
      let frame: Frame | undefined;
      for (const stream of registry.of(event.user_id)) {
        const place = placeOf(event.sequence, stream.cursor);
        if (place === "known") continue;
        stream.newest = Math.max(stream.newest, event.sequence);
        if (stream.phase !== "live") continue;
        if (place === "ahead") replay.settle(stream);
        else {
          frame ??= eventFrame(event);
          writer.sendEvent(stream, frame, event.sequence);
        }
      }
    },
    signOut({ kind, id, userId }) {
      for (const stream of registry.of(userId))
        if (kind === "user" || stream.credentialId === id) writer.signOut(stream);
    },
    async stop() {
      stopping = true;
      for (const stream of registry.all()) writer.end(stream);
      if (registry.size === 0) return;
      const closed = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      const late = setTimeout(() => [...registry.all()].forEach(({ peer }) => peer?.destroy()), FAREWELL_MS);
      await closed;
      clearTimeout(late);
    },
  };
};
