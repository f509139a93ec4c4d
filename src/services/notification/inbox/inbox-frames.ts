import { inboxFrame } from "../stream/frame.ts";
import type { Registry } from "../stream/registry.ts";
import type { Stream } from "../stream/stream.ts";
import type { Writer } from "../stream/writer.ts";
import type { InboxStore } from "./inbox-store.ts";

export interface InboxFramesDeps {
  readonly registry: Registry;
  readonly writer: Writer;
  readonly store: Pick<InboxStore, "unreadOf">;
}

/** Tells the open streams of users how many notifications are unread, once for all changes of a moment. */
export interface InboxFrames {
  /** The inbox of these users may have changed. */
  note(userIds: readonly string[]): void;
  /** Tells those that were noted since. */
  tell(): Promise<void>;
  /** The stream can be written to again, and may have missed a change. */
  resume(stream: Stream): void;
}

/** @param wake runs `tell` soon */
export const createInboxFrames = ({ registry, writer, store }: InboxFramesDeps, wake: () => void): InboxFrames => {
  let noted = new Set<string>();

  const note = (userIds: readonly string[]): void => {
    for (const userId of userIds) noted.add(userId);
    if (noted.size > 0) wake();
  };

  const tellUser = (userId: string, unread: number): void => {
    const frame = inboxFrame({ unread });
    for (const stream of registry.of(userId)) {
      if (stream.phase === "live" || stream.phase === "replaying") writer.sendExtra(stream, frame);
      else stream.inboxMissed = true;
    }
  };

  return {
    note,
    async tell() {
      const users = [...noted];
      noted = new Set();
      if (users.length === 0) return;
      const unread = await store.unreadOf(users);
      for (const userId of users) tellUser(userId, unread.get(userId) ?? 0);
    },
    resume(stream) {
      if (!stream.inboxMissed) return;
      stream.inboxMissed = false;
      note([stream.userId]);
    },
  };
};
