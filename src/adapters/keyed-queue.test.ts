import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeyedQueue } from "./keyed-queue.ts";

void test("work of one key runs in the order it was given, one at a time", async () => {
  const queue = createKeyedQueue();
  const log: string[] = [];
  const gates = ["a", "b", "c"].map((name) => ({ name, gate: Promise.withResolvers<void>() }));
  const runs = gates.map(({ name, gate }) =>
    queue.run("key", async () => {
      log.push(`begin ${name}`);
      await gate.promise;
      log.push(`end ${name}`);
    }),
  );
  // The last gate opens first: order comes from the queue, not from the work.
  for (const { gate } of gates.toReversed()) gate.resolve();
  await Promise.all(runs);
  assert.deepEqual(log, ["begin a", "end a", "begin b", "end b", "begin c", "end c"]);
});

void test("keys do not wait for each other", async () => {
  const queue = createKeyedQueue();
  const stuck = Promise.withResolvers<string>();
  const first = queue.run("one", () => stuck.promise);
  assert.equal(await queue.run("other", () => Promise.resolve("done")), "done");
  stuck.resolve("freed");
  assert.equal(await first, "freed");
});

void test("work that fails is its own caller's matter, and what follows runs", async () => {
  const queue = createKeyedQueue();
  const failing = queue.run("key", () => Promise.reject(new Error("no")));
  const following = queue.run("key", () => Promise.resolve("yes"));
  await assert.rejects(failing, /no/);
  assert.equal(await following, "yes");
});

void test("nothing is kept of a key that is idle", async () => {
  const queue = createKeyedQueue();
  assert.equal(queue.size, 0);
  const both = [queue.run("key", () => Promise.resolve()), queue.run("key", () => Promise.reject(new Error("no")))];
  assert.equal(queue.size, 1);
  await Promise.allSettled(both);
  await Promise.resolve();
  assert.equal(queue.size, 0);
  assert.equal(await queue.run("key", () => Promise.resolve("again")), "again");
});
