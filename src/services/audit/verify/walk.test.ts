import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { genesis, linkOf } from "../chain.ts";
import { type LivePiece, type Piece, walkChain } from "./walk.ts";

const hashOf = (sequence: number): Buffer =>
  sequence === 0 ? genesis.hash : linkOf(hashOf(sequence - 1), `row ${sequence}`);
const live = (first: number, last: number): LivePiece => ({
  kind: "live",
  first,
  last,
  metadata: `row ${first}`,
  firstHash: hashOf(first),
  lastHash: hashOf(last),
});
const archived = (first: number, last: number): Piece => ({
  kind: "archived",
  archive: "a",
  first,
  last,
  previousHash: hashOf(first - 1),
  lastHash: hashOf(last),
});

describe("a walk along a chain", () => {
  it("ends where the last piece ends, in whatever order they are given", () => {
    assert.deepEqual(walkChain([]), genesis);
    assert.deepEqual(walkChain([live(1, 5)]), { sequence: 5, hash: hashOf(5) });
    assert.deepEqual(walkChain([live(10, 10), archived(1, 8), live(11, 20), live(9, 9)]), {
      sequence: 20,
      hash: hashOf(20),
    });
    assert.deepEqual(walkChain([archived(1, 3), live(4, 4), archived(5, 6), live(7, 9)]), {
      sequence: 9,
      hash: hashOf(9),
    });
  });

  it("names the first row that is missing", () => {
    assert.deepEqual(walkChain([live(2, 5)]), { sequence: 1, reason: "this row is missing" });
    assert.deepEqual(walkChain([archived(1, 3), live(7, 9)]), { sequence: 4, reason: "the rows up to 6 are missing" });
  });

  it("names a row that does not follow from the one before it", () => {
    assert.deepEqual(walkChain([live(1, 3), { ...live(4, 6), metadata: "changed" }]), {
      sequence: 4,
      reason: "this row is not as it was written",
    });
    assert.deepEqual(walkChain([{ ...live(1, 3), lastHash: hashOf(2) }, live(4, 6)]), {
      sequence: 4,
      reason: "this row is not as it was written",
    });
    const reason = "what the archive a begins with does not follow from the row before it";
    assert.deepEqual(walkChain([live(1, 3), { ...archived(4, 6), previousHash: hashOf(2) } as Piece]), {
      sequence: 4,
      reason,
    });
  });

  it("does not take two rows of one sequence", () => {
    assert.deepEqual(walkChain([live(1, 3), live(3, 4)]), {
      sequence: 3,
      reason: "there are two rows of this sequence",
    });
    assert.deepEqual(walkChain([live(1, 3), archived(1, 3)]), {
      sequence: 1,
      reason: "there are two rows of this sequence",
    });
  });
});
