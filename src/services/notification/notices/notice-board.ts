import type { Database } from "../../../adapters/db/database.ts";
import type { DueNotification } from "../../../ports.ts";
import { noticeChannel, takeTurn } from "./turn.ts";

const postStatement = `
WITH turn AS MATERIALIZED (SELECT ${takeTurn}),
posted AS (
  INSERT INTO stream_notices (user_id, delivery_id, origin, notification, made_at)
  SELECT g.user_id, g.delivery_id, $5, g.notification, g.made_at
  FROM turn, unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) WITH ORDINALITY AS g (user_id, delivery_id, notification, made_at, place)
  WHERE EXISTS (SELECT FROM event_heads h WHERE h.user_id = g.user_id) ORDER BY g.place
  ON CONFLICT (delivery_id) DO NOTHING
)
SELECT pg_notify('${noticeChannel}', '')`;

/** What every replica puts on its open streams: the database keeps it for a while, and says when there is something. */
export interface NoticeBoard {
  /** The same delivery is posted once, however often it is tried. */
  postNotifications(due: readonly DueNotification[]): Promise<void>;
  postInboxChanges(userIds: readonly string[]): Promise<void>;
  /** Forgets what every replica has read long since. */
  sweep(): Promise<void>;
}

interface Notice {
  readonly userId: string;
  readonly deliveryId: string | null;
  readonly notification: string | null;
  readonly madeAt: string | null;
}

export interface NoticeBoardDeps {
  readonly database: Pick<Database, "prepared">;
  /** This process. */
  readonly origin: string;
  readonly onPosted: () => void;
}

export const createNoticeBoard = ({ database, origin, onPosted }: NoticeBoardDeps): NoticeBoard => {
  const post = async (notices: readonly Notice[]): Promise<void> => {
    if (notices.length === 0) return;
    const columns = (["userId", "deliveryId", "notification", "madeAt"] as const).map((name) =>
      notices.map((notice) => notice[name]),
    );
    await database.prepared("notices-post", postStatement, [...columns, origin]);
    onPosted();
  };

  return {
    postNotifications: (due) =>
      post(
        due.map(({ userId, deliveryId, notification }) => ({
          userId,
          deliveryId,
          notification: JSON.stringify(notification),
          madeAt: notification.created_at,
        })),
      ),
    postInboxChanges: (userIds) =>
      post([...new Set(userIds)].map((userId) => ({ userId, deliveryId: null, notification: null, madeAt: null }))),
    async sweep() {
      await database.prepared(
        "notices-sweep",
        "DELETE FROM stream_notices WHERE created_at < now() - interval '10 minutes'",
        [],
      );
    },
  };
};
