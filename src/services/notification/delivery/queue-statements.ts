import { noticeChannel, takeTurn } from "../notices/turn.ts";

/** What the delivery log says of a stream, by how many it was put on. */
const inStreams = (count: string): string =>
  `CASE ${count} WHEN 0 THEN 'no open stream' WHEN 1 THEN 'on 1 open stream' ELSE 'on ' || (${count}) || ' open streams' END`;

/** An account that is closed has no head, and nothing is stored for it. */
const isOpen = "EXISTS (SELECT FROM event_heads h WHERE h.user_id = g.user_id)";

/**
 * Notifications, their deliveries, and what every replica puts on its streams, once for each delivery that is new; a
 * batch may have an event twice. The turn is taken when all rows are there: what is held until the commit by one
 * replica after the other is held for the notices alone. `IS TRUE` keeps the look-up one in a hash table: as a join the
 * planner, who knows nothing of how many there are, has each compared with each.
 */
export const addStatement = `
WITH told AS (
  INSERT INTO notifications (id, user_id, type, title, body, task_id, event_id, sequence, reminder_id, critical, count, occurred_at, in_inbox, created_at)
  SELECT id, user_id, type, title, body, task_id, event_id, sequence, reminder_id, critical, count, occurred_at, in_inbox, coalesce(created_at, date_trunc('milliseconds', now()))
  FROM json_populate_recordset(NULL::notifications, $1::json) g WHERE ${isOpen}
  ON CONFLICT (id) DO NOTHING
), added AS (
  INSERT INTO notification_deliveries (id, notification_id, event_id, user_id, channel, status, reason, attempts, reached, due_at, claim_at, digest_id, created_at, finished_at)
  SELECT id, notification_id, event_id, user_id, channel, status, CASE WHEN channel = 'stream' AND status = 'delivered' THEN ${inStreams("reached")} ELSE reason END, attempts, reached,
    due_at, claim_at, digest_id, date_trunc('milliseconds', now()), CASE WHEN status <> 'pending' THEN now() END
  FROM json_populate_recordset(NULL::notification_deliveries, $2::json) g WHERE ${isOpen}
  ON CONFLICT (id) DO NOTHING
  RETURNING id
), turn AS MATERIALIZED (
  SELECT ${takeTurn} FROM (SELECT count(*) FROM added) all_added WHERE $3::json IS NOT NULL
), posted AS (
  INSERT INTO stream_notices (user_id, delivery_id, origin, notification, made_at)
  SELECT g.user_id, g.delivery_id, $4, g.notification, g.made_at
  FROM turn, ROWS FROM (json_to_recordset($3::json) AS (user_id uuid, delivery_id uuid, notification text, made_at timestamptz)) WITH ORDINALITY
    AS g (user_id, delivery_id, notification, made_at, place)
  WHERE (g.delivery_id IN (SELECT id FROM added)) IS TRUE ORDER BY g.place
  ON CONFLICT (delivery_id) DO NOTHING
)
SELECT pg_notify('${noticeChannel}', '') FROM turn`;

const waitingColumns = "d.id AS delivery_id, d.attempts, d.due_at, d.digest_id";

export const claimStatement = (columns: string): string => `
UPDATE notification_deliveries d SET attempts = d.attempts + 1, claim_at = now() + $3::float8 * interval '1 second'
FROM (
  SELECT id FROM notification_deliveries WHERE channel = $1 AND status = 'pending' AND claim_at <= now()
  ORDER BY claim_at LIMIT $2 FOR UPDATE SKIP LOCKED
) due, notifications n
WHERE d.id = due.id AND n.id = d.notification_id
RETURNING ${waitingColumns}, ${columns}`;

export const membersStatement = (columns: string): string => `
SELECT ${waitingColumns}, ${columns}
FROM notification_deliveries d JOIN notifications n ON n.id = d.notification_id
WHERE d.digest_id = ANY ($1::uuid[]) AND d.status = 'pending' ORDER BY n.occurred_at, n.id`;

export const finishStatement = `
UPDATE notification_deliveries d SET
  status = g.status, reached = d.reached + coalesce(g.reached, 0), claim_at = NULL, finished_at = now(),
  reason = CASE WHEN d.channel = 'stream' AND g.reached IS NOT NULL THEN ${inStreams("d.reached + g.reached")} ELSE g.reason END
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS g (id, status, reason, reached)
WHERE d.id = g.id AND d.status = 'pending'`;

/** Another replica has put them on streams too. */
export const reachedStatement = `
UPDATE notification_deliveries d SET reached = d.reached + g.reached, reason = ${inStreams("d.reached + g.reached")}
FROM unnest($1::uuid[], $2::int[]) AS g (id, reached) WHERE d.id = g.id`;

export const failStatement = `
UPDATE notification_deliveries d SET reason = g.reason, claim_at = now() + g.pause * interval '1 second'
FROM unnest($1::uuid[], $2::text[], $3::float8[]) AS g (id, reason, pause) WHERE d.id = g.id AND d.status = 'pending'`;

export const putOffStatement = `
UPDATE notification_deliveries d SET reason = 'quiet_hours', due_at = g.until, claim_at = NULL, digest_id = g.digest_id
FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) AS g (id, until, digest_id) WHERE d.id = g.id AND d.status = 'pending'`;

export const postponeStatement = `
UPDATE notification_deliveries SET due_at = $2, claim_at = CASE WHEN id = $1 THEN $2::timestamptz END
WHERE (id = $1 OR digest_id = $1) AND status = 'pending'`;

/** Digests only: what waits for one has no time of its own. */
export const releaseStatement = `
UPDATE notification_deliveries SET claim_at = now(), due_at = now()
WHERE user_id = $1 AND status = 'pending' AND reason = 'quiet_hours' AND claim_at > now()`;

/** What waits for one digest waits for another one, which takes its place. */
export const rejoinStatement = `
WITH members AS (
  UPDATE notification_deliveries SET digest_id = $2, due_at = $3 WHERE digest_id = $1 AND status = 'pending'
)
DELETE FROM notifications n USING notification_deliveries d WHERE d.id = $1 AND n.id = d.notification_id`;

/**
 * Digests of users who have moved to another zone since the digests were planned are looked at now. The preferences
 * keep the zone that was planned by, so that each move is noticed once.
 */
export const followZonesStatement = `
WITH waiting AS (
  SELECT DISTINCT user_id FROM notification_deliveries
  WHERE status = 'pending' AND reason = 'quiet_hours' AND claim_at > now()
), moved AS (
  UPDATE notification_preferences p SET time_zone = h.time_zone
  FROM waiting JOIN event_heads h USING (user_id)
  WHERE p.user_id = h.user_id AND p.time_zone IS DISTINCT FROM h.time_zone
  RETURNING p.user_id
)
UPDATE notification_deliveries d SET claim_at = now(), due_at = now()
FROM moved
WHERE d.user_id = moved.user_id AND d.status = 'pending' AND d.reason = 'quiet_hours' AND d.claim_at > now()`;

export const rescueStatement = `
UPDATE notification_deliveries d SET claim_at = now()
WHERE d.status = 'pending' AND d.claim_at IS NULL AND d.due_at < now() - interval '1 minute'
  AND NOT EXISTS (SELECT FROM notification_deliveries digest WHERE digest.id = d.digest_id AND digest.status = 'pending')`;

export const overdueStatement = `
SELECT channel, extract(epoch FROM now() - min(claim_at))::float8 AS seconds FROM notification_deliveries
WHERE status = 'pending' AND claim_at IS NOT NULL AND claim_at <= now() GROUP BY channel`;
