import assert from "node:assert/strict";
import { test } from "node:test";
import { DomainError } from "../../../contract/problem.ts";
import { createGroupCommit } from "./group-commit.ts";

test("what comes while a batch is committed is the next batch, and each waits for its own", async () => {
  const batches: number[][] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  const commits = createGroupCommit<number>(3, async (items) => {
    batches.push([...items]);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
  });
  const done: number[] = [];
  const add = (item: number) => commits.add(item).then(() => done.push(item));
  const first = [add(1), add(2)];
  await Promise.resolve();
  const next = [add(3), add(4), add(5), add(6)];
  gates[0]?.resolve();
  await Promise.all(first);
  assert.deepEqual(
    [batches, done],
    [
      [
        [1, 2],
        [3, 4, 5],
      ],
      [1, 2],
    ],
  );
  gates[1]?.resolve();
  await Promise.all(next.slice(0, 3));
  gates[2]?.resolve();
  await Promise.all(next);
  assert.deepEqual(batches.at(-1), [6]);
});

test("one that cannot be committed fails alone", async () => {
  const commits = createGroupCommit<string>(10, async (items) => {
    if (items.includes("bad")) throw new Error("cannot");
  });
  const results = await Promise.allSettled(["good", "bad", "better"].map((item) => commits.add(item)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});

test("while the database is away all fail at once, and nothing is asked again", async () => {
  let tries = 0;
  const commits = createGroupCommit<number>(10, async () => {
    tries += 1;
    throw new DomainError("unavailable", "away");
  });
  const results = await Promise.allSettled([1, 2, 3].map((item) => commits.add(item)));
  assert.deepEqual([results.map(({ status }) => status), tries], [["rejected", "rejected", "rejected"], 1]);
});
