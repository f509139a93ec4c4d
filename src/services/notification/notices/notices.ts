import type { Database } from "../../../adapters/db/database.ts";
import { createListener } from "../../../adapters/db/listener.ts";
import type { Clock, Logger, Loop, Metrics, StartLoop } from "../../../ports.ts";
import { reachedStatement } from "../delivery/queue-statements.ts";
import { createInboxFrames } from "../inbox/inbox-frames.ts";
import type { InboxStore } from "../inbox/inbox-store.ts";
import { createPace } from "../stream/pace.ts";
import type { Registry } from "../stream/registry.ts";
import type { Stream } from "../stream/stream.ts";
import type { Writer } from "../stream/writer.ts";
import { createNoticeBoard, type NoticeBoard } from "./notice-board.ts";
import { createNoticeTail } from "./notice-tail.ts";
import { noticeChannel } from "./turn.ts";

/** How late a notice may be when the word that it is there was lost. */
const LOOK_MS = 1_000;
const LISTEN_MS = 5_000;
const TALLY_MS = 1_000;

export interface NoticesDeps {
  readonly database: Database;
  readonly registry: Registry;
  readonly writer: Writer;
  readonly inbox: InboxStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly startLoop: StartLoop;
  /** This process. */
  readonly origin: string;
}

/** What open streams are told beside their events, in whichever process they are. */
export interface Notices {
  readonly board: NoticeBoard;
  /** Something was posted with the rows that it is of. */
  wake(): void;
  /** The stream can be written to, for the first time or again. */
  resume(stream: Stream): void;
  start(): void;
  stop(): Promise<void>;
}

export const createNotices = (deps: NoticesDeps): Notices => {
  const { database, startLoop, origin } = deps;
  let loops: { readonly tail: Loop; readonly inbox: Loop; readonly tally: Loop; readonly listen: Loop } | undefined;
  const wakeTail = (): void => loops?.tail.wake();
  const pace = createPace(deps);
  const board = createNoticeBoard({ database, origin, onPosted: wakeTail });
  const inboxFrames = createInboxFrames({ ...deps, store: deps.inbox }, () => loops?.inbox.wake());
  const listener = createListener({ ...deps, channel: noticeChannel, onWord: wakeTail });
  let reached = new Map<string, number>();

  const tally = async (): Promise<void> => {
    const counted = [...reached];
    reached = new Map();
    if (counted.length > 0)
      await database.prepared("deliveries-reached", reachedStatement, [
        counted.map(([id]) => id),
        counted.map(([, count]) => count),
      ]);
  };

  const tail = createNoticeTail({
    ...deps,
    pace,
    onInbox: inboxFrames.note,
    onReached(more) {
      for (const [id, count] of more) reached.set(id, (reached.get(id) ?? 0) + count);
      loops?.tally.wake();
    },
  });

  return {
    board,
    wake: wakeTail,
    resume(stream) {
      pace.resume(stream);
      inboxFrames.resume(stream);
    },
    start() {
      loops = {
        tail: startLoop("stream notices", LOOK_MS, tail),
        inbox: startLoop("inbox on streams", LOOK_MS, () => inboxFrames.tell()),
        tally: startLoop("notices on streams", TALLY_MS, tally),
        listen: startLoop("words of stream notices", LISTEN_MS, () => listener.keep()),
      };
    },
    async stop() {
      await Promise.all(Object.values(loops ?? {}).map((loop) => loop.stop()));
      await listener.stop();
    },
  };
};
