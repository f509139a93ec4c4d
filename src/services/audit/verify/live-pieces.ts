import type { Database } from "../../../adapters/db/database.ts";
import type { LivePiece } from "./walk.ts";

/** A part of a user's chain: the rows after `after`, up to and with `through`. */
export interface Slice {
  readonly userId: string;
  readonly after: number;
  readonly through: number;
}

/**
 * The same text as `metadataOf` makes (RFC 8785), from the columns of the table `e`. `test/audit/verify.test.ts` holds
 * them against each other.
 */
export const metadataSql = `'{"actor_id":' || to_json(e.actor_id)::text || ',"actor_kind":' || to_json(e.actor_kind)::text || ',"content":"'
  || encode(coalesce(e.content_digest, sha256(e.salt || convert_to('{"changes":' || e.changes::text || ',"title":' || to_json(e.task_title)::text || '}', 'UTF8'))), 'hex')
  || '","correlation_id":' || to_json(e.correlation_id)::text || ',"event_id":"' || e.event_id || '","event_type":' || to_json(e.event_type)::text
  || ',"sequence":' || e.sequence || ',"task_id":"' || e.task_id || '","task_version":' || e.task_version
  || ',"timestamp":"' || to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '","user_id":"' || e.user_id || '"}'`;

/**
 * The database computes every hash and answers only where a piece begins (the row before is not there, or the link is
 * broken) and ends. The row at `after` is read too, to link the next one with.
 */
const piecesStatement = `
SELECT s.user_id, r.sequence, r.hash, r.metadata, r.begins, r.ends
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS s (user_id, after, through) CROSS JOIN LATERAL (
  SELECT linked.*, begins OR coalesce(lead(begins) OVER w, true) AS shown, coalesce(lead(begins) OVER w, true) AS ends FROM (
    SELECT m.sequence, m.hash, m.metadata,
      coalesce(lag(m.sequence) OVER w <> m.sequence - 1 OR sha256(lag(m.hash) OVER w || convert_to(m.metadata, 'UTF8')) <> m.hash, true) AS begins
    FROM (
      SELECT e.sequence, e.hash, ${metadataSql} AS metadata FROM task_events e
      WHERE e.user_id = s.user_id AND e.sequence BETWEEN s.after AND s.through ORDER BY e.sequence
    ) m WINDOW w AS (ORDER BY m.sequence)
  ) linked WINDOW w AS (ORDER BY linked.sequence)
) r WHERE r.shown`;

interface Edge {
  readonly user_id: string;
  readonly sequence: number;
  readonly hash: Buffer;
  readonly metadata: string;
  readonly begins: boolean;
  readonly ends: boolean;
}

/**
 * The pieces that the slices consist of, by user. A piece that goes over the edge of a slice begins with the row at
 * that edge.
 */
export const readLivePieces = async (
  database: Pick<Database, "prepared">,
  slices: readonly Slice[],
): Promise<ReadonlyMap<string, readonly LivePiece[]>> => {
  const values = [
    slices.map(({ userId }) => userId),
    slices.map(({ after }) => after),
    slices.map(({ through }) => through),
  ];
  const edges = await database.prepared<Edge & Record<string, unknown>>("audit-pieces", piecesStatement, values);
  return new Map(
    [...Map.groupBy(edges, ({ user_id }) => user_id)].map(([userId, ofUser]) => [userId, piecesOf(ofUser)]),
  );
};

const piecesOf = (edges: readonly Edge[]): readonly LivePiece[] => {
  const pieces: LivePiece[] = [];
  let first: Edge | undefined;
  for (const edge of edges.toSorted((one, other) => one.sequence - other.sequence)) {
    if (edge.begins) first = edge;
    if (first === undefined) throw new Error("a piece ends that has not begun");
    if (edge.ends)
      pieces.push({
        kind: "live",
        first: first.sequence,
        last: edge.sequence,
        metadata: first.metadata,
        firstHash: first.hash,
        lastHash: edge.hash,
      });
  }
  return pieces;
};

/**
 * Joins the pieces of a long chain that was read in slices: a slice's first piece may begin with the last row of the
 * slice before it, which is the same row and was checked there.
 */
export const joinPieces = (before: readonly LivePiece[], next: readonly LivePiece[]): readonly LivePiece[] => {
  const last = before.at(-1);
  const [first, ...others] = next;
  if (last === undefined || first === undefined || first.first !== last.last) return [...before, ...next];
  return [...before.slice(0, -1), { ...last, last: first.last, lastHash: first.lastHash }, ...others];
};
