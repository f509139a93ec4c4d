import type { Database } from "../../../adapters/db/database.ts";
import type { Metrics } from "../../../ports.ts";
import { notificationFrame } from "../stream/frame.ts";
import type { Pace } from "../stream/pace.ts";
import type { Registry } from "../stream/registry.ts";

const PAGE = 1_000;

const readStatement = `
SELECT position, user_id, delivery_id, origin, notification, made_at FROM stream_notices WHERE position > $1 ORDER BY position LIMIT ${PAGE}`;

const lastStatement = "SELECT coalesce(max(position), 0) AS position FROM stream_notices";

interface Notice {
  readonly position: number;
  readonly user_id: string;
  readonly delivery_id: string | null;
  readonly origin: string;
  readonly notification: string | null;
  readonly made_at: Date | null;
}

export interface NoticeTailDeps {
  readonly database: Pick<Database, "prepared">;
  readonly registry: Registry;
  readonly pace: Pace;
  readonly metrics: Metrics;
  readonly origin: string;
  /** The inbox of these users may have changed. */
  readonly onInbox: (userIds: readonly string[]) => void;
  /** What another replica delivered and this one has put on streams: how many, by delivery. */
  readonly onReached: (reached: ReadonlyMap<string, number>) => void;
}

/** Puts what is posted on the open streams of this process, from the moment of its first run. */
export const createNoticeTail = (deps: NoticeTailDeps) => {
  const { database, registry, pace, metrics, origin, onInbox, onReached } = deps;
  let position: number | undefined;

  /** How many streams it was put on. */
  const show = ({ user_id, notification, made_at }: Notice): number => {
    const streams = registry.of(user_id);
    if (streams.length === 0 || notification === null || made_at === null) return 0;
    const frame = notificationFrame(notification);
    for (const stream of streams) pace.send(stream, frame, made_at.getTime());
    metrics.count("taskflow_stream_notifications_total", {}, streams.length);
    return streams.length;
  };

  const showAll = (notices: readonly Notice[]): void => {
    const reached = new Map<string, number>();
    for (const notice of notices) {
      const count = show(notice);
      if (count > 0 && notice.delivery_id !== null && notice.origin !== origin) reached.set(notice.delivery_id, count);
    }
    if (reached.size > 0) onReached(reached);
    onInbox([...new Set(notices.map(({ user_id }) => user_id))].filter((userId) => registry.of(userId).length > 0));
  };

  return async (signal: AbortSignal): Promise<void> => {
    position ??= (await database.prepared<{ position: number }>("notices-last", lastStatement, []))[0]?.position ?? 0;
    while (!signal.aborted) {
      const notices: readonly Notice[] = await database.prepared<Notice & Record<string, unknown>>(
        "notices-read",
        readStatement,
        [position],
      );
      position = notices.at(-1)?.position ?? position;
      showAll(notices);
      if (notices.length < PAGE) return;
    }
  };
};
