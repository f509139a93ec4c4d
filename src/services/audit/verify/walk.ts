import { genesis, type Head, linkOf } from "../chain.ts";

/**
 * Rows of consecutive sequences in the table, of which each follows from the one before it; the first one is to be
 * checked.
 */
export interface LivePiece {
  readonly kind: "live";
  readonly first: number;
  readonly last: number;
  /** Of the first row: what its hash is made of, beside the hash before it. */
  readonly metadata: string;
  readonly firstHash: Buffer;
  readonly lastHash: Buffer;
}

/** A stretch that lies in an archive. */
export interface ArchivedPiece {
  readonly kind: "archived";
  readonly archive: string;
  readonly first: number;
  readonly last: number;
  readonly previousHash: Buffer;
  readonly lastHash: Buffer;
}

export type Piece = LivePiece | ArchivedPiece;

/** Where and how a chain is broken. */
export interface Break {
  readonly user_id: string;
  /** Of the first row that is not as it was written. */
  readonly sequence: number;
  readonly reason: string;
}

/** Follows the pieces of a chain from its beginning; answers its end, or its first break. */
export const walkChain = (pieces: readonly Piece[]): Head | Omit<Break, "user_id"> => {
  let end: Head = genesis;
  for (const piece of pieces.toSorted((one, other) => one.first - other.first || one.last - other.last)) {
    const next = end.sequence + 1;
    if (piece.first > next)
      return {
        sequence: next,
        reason: piece.first === next + 1 ? "this row is missing" : `the rows up to ${piece.first - 1} are missing`,
      };
    if (piece.first < next) return { sequence: piece.first, reason: "there are two rows of this sequence" };
    const reason = brokenLink(piece, end);
    if (reason !== undefined) return { sequence: piece.first, reason };
    end = { sequence: piece.last, hash: piece.lastHash };
  }
  return end;
};

const brokenLink = (piece: Piece, { hash }: Head): string | undefined => {
  if (piece.kind === "archived")
    return piece.previousHash.equals(hash)
      ? undefined
      : `what the archive ${piece.archive} begins with does not follow from the row before it`;
  return linkOf(hash, piece.metadata).equals(piece.firstHash) ? undefined : "this row is not as it was written";
};
