import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { planAppend } from "./append-plan.ts";
import { chain, createHeadSigner, digestOf, genesis, type Head, linkOf } from "./chain.ts";
import { contentOf, type Entry, metadataOf } from "./entry.ts";

const entry = (sequence: number, user = "u1"): Entry => ({
  user_id: user,
  sequence,
  timestamp: "2026-03-01T09:00:00.000Z",
  event_id: `e${sequence}`,
  event_type: "task.updated",
  task_id: "t1",
  task_version: sequence,
  actor_kind: "person",
  actor_id: user,
  correlation_id: "c1",
  task_title: "Pay rent",
  changes: { title: { old: null, new: "Pay rent" } },
});
const sequencesOf = (rows: readonly { sequence: number }[]): number[] => rows.map(({ sequence }) => sequence);

describe("a chain", () => {
  it("hashes the hash before and the canonical metadata, which has the salted digest of the words", () => {
    const [row] = chain(genesis, [entry(1)]);
    assert.ok(row);
    const content = '{"changes":{"title":{"new":"Pay rent","old":null}},"title":"Pay rent"}';
    const digest = createHash("sha256").update(row.salt).update(content).digest("hex");
    const metadata = `{"actor_id":"u1","actor_kind":"person","content":"${digest}","correlation_id":"c1","event_id":"e1","event_type":"task.updated","sequence":1,"task_id":"t1","task_version":1,"timestamp":"2026-03-01T09:00:00.000Z","user_id":"u1"}`;
    assert.equal(contentOf(entry(1)), content);
    assert.equal(metadataOf(entry(1), digest), metadata);
    assert.deepEqual(row.hash, createHash("sha256").update(Buffer.alloc(32)).update(metadata).digest());
    assert.equal(row.salt.length, 16);
  });

  it("goes on from a head, and from nothing else", () => {
    const rows = chain(genesis, [entry(1), entry(2), entry(3)]);
    const [first] = rows;
    assert.ok(first);
    const digest = digestOf(rows[1]?.salt ?? Buffer.alloc(0), contentOf(entry(2))).toString("hex");
    assert.deepEqual(rows[1]?.hash, linkOf(first.hash, metadataOf(entry(2), digest)));
    assert.throws(() => chain({ sequence: 1, hash: first.hash }, [entry(3)]), /does not follow/);
  });

  it("salts each row anew, so that equal words have different digests", () => {
    const salts = chain(genesis, [entry(1), entry(2)]).map(({ salt }) => salt.toString("hex"));
    assert.notEqual(salts[0], salts[1]);
  });
});

describe("a signed head", () => {
  const head: Head = { sequence: 7, hash: Buffer.alloc(32, 1) };
  const signer = createHeadSigner("a key of thirty-two bytes or more");

  it("is good for this user, sequence and hash under this key alone", () => {
    const signature = signer.sign("u1", head);
    assert.ok(signer.verify("u1", head, signature));
    assert.ok(!signer.verify("u2", head, signature));
    assert.ok(!signer.verify("u1", { ...head, sequence: 8 }, signature));
    assert.ok(!signer.verify("u1", { ...head, hash: Buffer.alloc(32, 2) }, signature));
    assert.ok(!createHeadSigner("another key of thirty-two bytes").verify("u1", head, signature));
    assert.ok(!signer.verify("u1", head, signature.subarray(1)));
  });

  it("is not the signature of a text of another kind", () => {
    assert.notDeepEqual(signer.signText("one", "text"), signer.signText("other", "text"));
  });
});

describe("what a batch does to the chains", () => {
  it("chains each user's entries by sequence, and leaves waiting what is beyond a gap", () => {
    const plan = planAppend([entry(3), entry(1), entry(5), entry(2), entry(2), entry(1, "u2")], new Map());
    assert.deepEqual(
      plan.rows.map(({ user_id, sequence }) => `${user_id} ${sequence}`),
      ["u1 1", "u1 2", "u1 3", "u2 1"],
    );
    assert.deepEqual(sequencesOf(plan.waiting), [5]);
    assert.deepEqual(
      plan.moves.map(({ userId, from, to }) => [userId, from.sequence, to.sequence]),
      [
        ["u1", 0, 3],
        ["u2", 0, 1],
      ],
    );
    assert.deepEqual(plan.moves[0]?.to.hash, plan.rows[2]?.hash);
  });

  it("does nothing with what the chain has", () => {
    assert.deepEqual(planAppend([entry(1), entry(4)], new Map([["u1", { sequence: 4, hash: genesis.hash }]])), {
      moves: [],
      rows: [],
      waiting: [],
    });
  });

  it("comes to the same chain by any order, any batches and any duplicates", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 12 }, (_, index) => index + 1),
          { minLength: 12 },
        ),
        fc.array(fc.integer({ min: 1, max: 12 })),
        fc.integer({ min: 1, max: 5 }),
        (order, doubled, size) => {
          let [head, waiting]: [Head, readonly Entry[]] = [genesis, []];
          const recorded: number[] = [];
          const all = [...order, ...doubled];
          for (let at = 0; at < all.length; at += size) {
            const plan = planAppend(
              [...waiting, ...all.slice(at, at + size).map((sequence) => entry(sequence))],
              new Map([["u1", head]]),
            );
            head = plan.moves[0]?.to ?? head;
            waiting = plan.waiting;
            recorded.push(...sequencesOf(plan.rows));
          }
          assert.deepEqual(
            recorded,
            Array.from({ length: 12 }, (_, index) => index + 1),
          );
          assert.deepEqual(waiting, []);
        },
      ),
    );
  });
});
