/** Where replicas listen; a word on it carries nothing. */
export const noticeChannel = "taskflow_stream_notices";

/**
 * Positions of notices are given in the order of the commits, because they are given one transaction after the other:
 * whoever has read up to a position has missed nothing before it.
 */
export const takeTurn = "pg_advisory_xact_lock(hashtextextended('taskflow stream notices', 0))";
