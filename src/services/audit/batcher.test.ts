import assert from "node:assert/strict";
import { afterEach, describe, it, mock } from "node:test";
import { createBatcher } from "./batcher.ts";

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** A batcher whose flushes end when the test says so; time stands still but for `tick`. */
const start = ({ most = 100, longestMs = 1_000, quietMs = 3, atOnce = 1 } = {}) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const batches: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const batcher = createBatcher<number>({
    most,
    longestMs,
    quietMs,
    atOnce,
    flush: (items) => new Promise((end, fail) => void batches.push({ items, end, fail })),
  });
  return { batcher, batches, sizes: () => batches.map(({ items }) => items.length) };
};

afterEach(() => mock.timers.reset());

describe("a batch", () => {
  it("closes at once when it is full", async () => {
    const { batcher, sizes } = start({ most: 3 });
    for (let item = 0; item < 3; item += 1) void batcher.add(item);
    await settle();
    assert.deepEqual(sizes(), [3]);
  });

  it("closes when nothing has come for a moment, at the latest after a second", async () => {
    const { batcher, sizes } = start({ quietMs: 300 });
    void batcher.add(1);
    mock.timers.tick(200);
    void batcher.add(2);
    mock.timers.tick(299);
    assert.deepEqual(sizes(), []);
    mock.timers.tick(1);
    assert.deepEqual(sizes(), [2]);
  });

  it("closes after a second when there is no pause", async () => {
    const { batcher, sizes } = start({ quietMs: 300 });
    for (let item = 0; item < 5; item += 1) {
      void batcher.add(item);
      mock.timers.tick(250);
    }
    assert.deepEqual(sizes(), [4]);
  });

  it("collects while the one before is being flushed, and follows it without a pause", async () => {
    const { batcher, batches, sizes } = start({ most: 10 });
    for (let item = 0; item < 10; item += 1) void batcher.add(item);
    await settle();
    for (let item = 10; item < 35; item += 1) void batcher.add(item);
    await settle();
    assert.deepEqual(sizes(), [10]);
    for (const index of [0, 1, 2]) {
      batches[index]?.end();
      await settle();
    }
    assert.deepEqual(sizes(), [10, 10, 10, 5]);
  });

  it("is flushed beside another one, as many as are let; a part of one waits for an end", async () => {
    const { batcher, batches, sizes } = start({ most: 10, atOnce: 2 });
    for (let item = 0; item < 25; item += 1) void batcher.add(item);
    await settle();
    assert.deepEqual(sizes(), [10, 10]);
    batches[1]?.end();
    await settle();
    assert.deepEqual(sizes(), [10, 10, 5]);
    for (let item = 25; item < 31; item += 1) void batcher.add(item);
    await settle();
    assert.deepEqual(sizes(), [10, 10, 5]);
    let stopped = false;
    void batcher.stop().then(() => (stopped = true));
    batches[2]?.end();
    await settle();
    assert.deepEqual([sizes(), stopped], [[10, 10, 5, 6], false]);
    for (const { end } of batches) end();
    await settle();
    assert.ok(stopped);
  });

  it("resolves its items when it is flushed, not before, and rejects them together", async () => {
    const { batcher, batches } = start({ most: 2 });
    const done: string[] = [];
    for (const item of [1, 2, 3, 4])
      void batcher.add(item).then(
        () => done.push(`${item}`),
        () => done.push(`${item} failed`),
      );
    await settle();
    assert.deepEqual(done, []);
    batches[0]?.fail(new Error("no"));
    await settle();
    batches[1]?.end();
    await settle();
    assert.deepEqual(done, ["1 failed", "2 failed", "3", "4"]);
  });

  it("is flushed by a stop, which waits for it", async () => {
    const { batcher, batches, sizes } = start();
    void batcher.add(1);
    let stopped = false;
    void batcher.stop().then(() => (stopped = true));
    await settle();
    assert.deepEqual([sizes(), stopped], [[1], false]);
    batches[0]?.end();
    await settle();
    assert.ok(stopped);
  });
});
