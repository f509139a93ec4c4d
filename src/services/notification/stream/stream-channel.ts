import type { NotificationChannel } from "../../../ports.ts";
import type { NoticeBoard } from "../notices/notice-board.ts";
import type { Registry } from "./registry.ts";

/** As many as one statement writes well. */
const BATCH = 500;

/**
 * The open streams of a user, in whichever process they are. It is delivered when every process is certain to learn of
 * it.
 */
export const createStreamChannel = ({
  board,
  registry,
}: {
  board: NoticeBoard;
  registry: Registry;
}): NotificationChannel => ({
  name: "stream",
  batch: BATCH,
  async deliver(due) {
    await board.postNotifications(due);
    return due.map(({ userId }) => ({ reached: registry.of(userId).length }));
  },
});
