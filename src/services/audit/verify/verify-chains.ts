import pLimit from "p-limit";
import { type Database, sql } from "../../../adapters/db/database.ts";
import type { LineStore } from "../../../ports.ts";
import type { Head, HeadSigner } from "../chain.ts";
import { readErased } from "../erasure.ts";
import { type ExportedHead, readExportedHeads } from "../head-export.ts";
import { joinPieces, readLivePieces, type Slice } from "./live-pieces.ts";
import { type ArchivedPiece, type Break, type LivePiece, walkChain } from "./walk.ts";

export interface VerifyDeps {
  readonly database: Database;
  readonly store: LineStore;
  readonly signer: HeadSigner;
  /** Rows that one statement computes, so that none takes long; of a longer chain it computes a slice at a time. */
  readonly rowsAtOnce?: number;
}

export interface ChainsReport {
  readonly users: number;
  readonly rows: number;
  /** How many rows in the table have no words any more: they are proven by their digests. */
  readonly erased: number;
  /** Of each user whose chain is broken, the first break. */
  readonly breaks: readonly Break[];
}

const ROWS_AT_ONCE = 20_000;
const USERS_AT_ONCE = 1_000;
/** The database computes on as many processors. */
const STATEMENTS_AT_ONCE = 2;
const NOBODY = "00000000-0000-0000-0000-000000000000";

interface SignedHead extends Head {
  readonly userId: string;
  readonly signature: Buffer;
}

/**
 * Proves the chains of everyone, or of one user, from the first row to the signed head and the exported ones. Beside a
 * recorder at work: a chain is proven up to where its head was.
 */
export const verifyChains = async (deps: VerifyDeps, userId?: string): Promise<ChainsReport> => {
  const exported = await readExportedHeads(deps.store, userId);
  const atOnce = pLimit(STATEMENTS_AT_ONCE);
  const unseen = new Set(exported.keys());
  const breaks: Break[] = [];
  let [users, rows, after] = [0, 0, NOBODY];
  for (;;) {
    const heads = await readSignedHeads(deps.database, after, userId);
    const found = await Promise.all(
      groupsOf(heads, deps.rowsAtOnce ?? ROWS_AT_ONCE).map((group) => atOnce(() => verifyGroup(deps, group, exported))),
    );
    breaks.push(...found.flat());
    rows += heads.reduce((sum, { sequence }) => sum + sequence, 0);
    for (const head of heads) unseen.delete(head.userId);
    users += heads.length;
    const last = heads.at(-1);
    if (last === undefined || heads.length < USERS_AT_ONCE || userId !== undefined) break;
    after = last.userId;
  }
  const gone = [...unseen].map((user) => ({
    user_id: user,
    sequence: 1,
    reason: `the whole chain is gone; its exported head says ${exported.get(user)?.sequence}`,
  }));
  const { erased, taken } = await rowsWithoutWords(deps, userId);
  return {
    users,
    rows,
    erased,
    breaks: [
      ...(await foundAgain(deps, breaks, exported)),
      ...gone,
      ...(await rowsWithoutHead(deps.database, userId)),
      ...taken,
    ],
  };
};

/**
 * While a month moves to an archive it may be seen in both places, or in none: a break is one that is there the second
 * time too.
 */
const foundAgain = async (
  deps: VerifyDeps,
  breaks: readonly Break[],
  exported: ReadonlyMap<string, ExportedHead>,
): Promise<readonly Break[]> => {
  const again: Break[] = [];
  for (const { user_id } of breaks)
    again.push(...(await verifyGroup(deps, await readSignedHeads(deps.database, NOBODY, user_id), exported)));
  return again;
};

/**
 * Those that were erased, and of each user whose words somebody took away without that being recorded, the first row.
 */
const rowsWithoutWords = async (
  deps: VerifyDeps,
  userId: string | undefined,
): Promise<{ erased: number; taken: readonly Break[] }> => {
  const rows = await deps.database.prepared<{ user_id: string; rows: number; first: number }>(
    "audit-without-words",
    withoutWordsStatement,
    [userId ?? null],
  );
  // Read after the rows: who is erased meanwhile is recorded by the time that words are missing.
  const erasedUsers = await readErased(deps, userId);
  const taken = rows
    .filter(({ user_id }) => !erasedUsers.has(user_id))
    .map(({ user_id, first }) => ({
      user_id,
      sequence: first,
      reason: "the words of this row are gone, and nobody erased them",
    }));
  return { erased: rows.reduce((sum, row) => sum + (erasedUsers.has(row.user_id) ? row.rows : 0), 0), taken };
};

const withoutWordsStatement = `
SELECT user_id, count(*) AS rows, min(sequence) AS first FROM task_events WHERE salt IS NULL AND ($1::uuid IS NULL OR user_id = $1) GROUP BY user_id`;

const readSignedHeads = async (
  { kysely }: Database,
  after: string,
  userId: string | undefined,
): Promise<readonly SignedHead[]> => {
  const query = kysely.selectFrom("audit_heads").selectAll().orderBy("user_id").limit(USERS_AT_ONCE);
  const rows = await (
    userId === undefined ? query.where("user_id", ">", after) : query.where("user_id", "=", userId)
  ).execute();
  return rows.map(({ user_id, sequence, hash, signature }) => ({ userId: user_id, sequence, hash, signature }));
};

/** Users who are computed together; a user with a long chain alone. */
const groupsOf = (heads: readonly SignedHead[], rowsAtOnce: number): readonly (readonly SignedHead[])[] => {
  const groups: SignedHead[][] = [];
  let room = 0;
  for (const head of heads) {
    if (head.sequence > room) {
      groups.push([]);
      room = rowsAtOnce;
    }
    groups.at(-1)?.push(head);
    room -= head.sequence;
  }
  return groups;
};

const verifyGroup = async (
  deps: VerifyDeps,
  heads: readonly SignedHead[],
  exported: ReadonlyMap<string, ExportedHead>,
): Promise<readonly Break[]> => {
  const live = await livePieces(deps, heads);
  const archived = await archivedPieces(
    deps.database,
    heads.map(({ userId }) => userId),
  );
  const ends = new Map(
    heads.map((head) => [
      head.userId,
      walkChain([...(live.get(head.userId) ?? []), ...(archived.get(head.userId) ?? [])]),
    ]),
  );
  const [contradicted, beyond] = [
    await contradictions(deps, heads, exported),
    await rowsBeyondHeads(deps.database, heads),
  ];
  return heads.flatMap((head) => {
    const end = ends.get(head.userId);
    if (end === undefined) throw new Error("every head was walked to");
    const found =
      "reason" in end
        ? end
        : (wrongEnd(deps.signer, head, end) ??
          wrongExport(deps.signer, end, exported.get(head.userId)) ??
          contradicted.get(head.userId) ??
          beyond.get(head.userId));
    return found === undefined ? [] : [{ user_id: head.userId, ...found }];
  });
};

const livePieces = async (
  { database, rowsAtOnce = ROWS_AT_ONCE }: VerifyDeps,
  heads: readonly SignedHead[],
): Promise<ReadonlyMap<string, readonly LivePiece[]>> => {
  const [first] = heads;
  if (first === undefined) return new Map();
  if (heads.length > 1 || first.sequence <= rowsAtOnce)
    return readLivePieces(
      database,
      heads.map(({ userId, sequence }) => ({ userId, after: 0, through: sequence })),
    );
  let pieces: readonly LivePiece[] = [];
  for (const slice of slicesOf(first, rowsAtOnce))
    pieces = joinPieces(pieces, (await readLivePieces(database, [slice])).get(first.userId) ?? []);
  return new Map([[first.userId, pieces]]);
};

const slicesOf = ({ userId, sequence }: SignedHead, rowsAtOnce: number): readonly Slice[] => {
  const count = Math.ceil(sequence / rowsAtOnce);
  return Array.from({ length: count }, (_, index) => ({
    userId,
    after: index * rowsAtOnce,
    through: Math.min(sequence, (index + 1) * rowsAtOnce),
  }));
};

const archivedPieces = async (
  { kysely }: Database,
  users: readonly string[],
): Promise<ReadonlyMap<string, readonly ArchivedPiece[]>> => {
  const rows = await kysely.selectFrom("audit_archived_runs").selectAll().where("user_id", "in", users).execute();
  const pieces = rows.map(
    (run) =>
      [
        run.user_id,
        {
          kind: "archived" as const,
          archive: run.archive,
          first: run.first_sequence,
          last: run.last_sequence,
          previousHash: run.previous_hash,
          lastHash: run.last_hash,
        },
      ] as const,
  );
  return new Map(
    [...Map.groupBy(pieces, ([user]) => user)].map(([user, ofUser]) => [user, ofUser.map(([, piece]) => piece)]),
  );
};

type Found = Omit<Break, "user_id">;

const wrongEnd = (signer: HeadSigner, head: SignedHead, end: Head): Found | undefined => {
  if (!signer.verify(head.userId, head, head.signature))
    return { sequence: head.sequence, reason: "the head is not signed with this installation's key" };
  if (end.sequence < head.sequence)
    return { sequence: end.sequence + 1, reason: `the rows from here to the head, ${head.sequence}, are missing` };
  return end.hash.equals(head.hash)
    ? undefined
    : { sequence: end.sequence, reason: "the head has another hash than the last row" };
};

const wrongExport = (signer: HeadSigner, end: Head, exported: ExportedHead | undefined): Found | undefined => {
  if (exported === undefined) return undefined;
  const head = { sequence: exported.sequence, hash: Buffer.from(exported.hash, "hex") };
  if (!signer.verify(exported.user_id, head, Buffer.from(exported.signature, "hex")))
    return { sequence: head.sequence, reason: "the exported head is not signed with this installation's key" };
  if (end.sequence < head.sequence)
    return {
      sequence: end.sequence + 1,
      reason: `the rows from here to an exported head, ${head.sequence}, are missing`,
    };
  return end.sequence > head.sequence || end.hash.equals(head.hash)
    ? undefined
    : { sequence: head.sequence, reason: "the exported head has another hash" };
};

/**
 * Chains that were written anew from some row on: an exported head from before says another hash than the row has now.
 */
const contradictions = async (
  { database }: VerifyDeps,
  heads: readonly SignedHead[],
  exported: ReadonlyMap<string, ExportedHead>,
): Promise<ReadonlyMap<string, Found>> => {
  const asked = heads.flatMap(({ userId }) => exported.get(userId) ?? []);
  const rows = await database.prepared<{ user_id: string; sequence: number }>(
    "audit-contradictions",
    `SELECT x.user_id, x.sequence FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS x (user_id, sequence, hash)
     JOIN task_events e ON e.user_id = x.user_id AND e.sequence = x.sequence AND e.hash <> decode(x.hash, 'hex')`,
    [asked.map(({ user_id }) => user_id), asked.map(({ sequence }) => sequence), asked.map(({ hash }) => hash)],
  );
  return new Map(
    rows.map(({ user_id, sequence }) => [
      user_id,
      { sequence, reason: "an exported head has another hash: the chain was written anew" },
    ]),
  );
};

/**
 * A row and its head are committed together, so that whoever reads both in one statement sees no row beyond the head.
 */
const rowsBeyondHeads = async (
  database: Database,
  heads: readonly SignedHead[],
): Promise<ReadonlyMap<string, Found>> => {
  const rows = await database.prepared<{ user_id: string; sequence: number }>(
    "audit-beyond-heads",
    `SELECT h.user_id, h.sequence FROM audit_heads h WHERE h.user_id = ANY ($1::uuid[]) AND EXISTS (SELECT FROM task_events e WHERE e.user_id = h.user_id AND e.sequence > h.sequence)`,
    [heads.map(({ userId }) => userId)],
  );
  return new Map(
    rows.map(({ user_id, sequence }) => [
      user_id,
      { sequence: sequence + 1, reason: "there are rows beyond the head" },
    ]),
  );
};

const rowsWithoutHead = async ({ kysely }: Database, userId: string | undefined): Promise<readonly Break[]> => {
  const mine = userId === undefined ? sql`true` : sql`e.user_id = ${userId}`;
  const { rows } = await sql<{ user_id: string; sequence: number }>`
    SELECT DISTINCT ON (e.user_id) e.user_id, e.sequence FROM task_events e WHERE ${mine} AND NOT EXISTS (SELECT FROM audit_heads h WHERE h.user_id = e.user_id)
    ORDER BY e.user_id, e.sequence LIMIT 100`.execute(kysely);
  return rows.map((row) => ({ ...row, reason: "there is no head of this chain" }));
};
