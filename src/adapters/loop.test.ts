import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "../ports.ts";
import { createLoops } from "./loop.ts";

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Lets everything that needs no time happen. */
const settle = async (): Promise<void> => {
  for (let n = 0; n < 5; n += 1) await turn();
};

const withFakeTime = (t: TestContext) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return async (ms: number): Promise<void> => {
    t.mock.timers.tick(ms);
    await settle();
  };
};

void test("it runs now, and then so long after each run", async (t) => {
  const pass = withFakeTime(t);
  let runs = 0;
  const loop = createLoops(quiet)("test", 1_000, async () => void (runs += 1));
  await settle();
  assert.equal(runs, 1);
  await pass(999);
  assert.equal(runs, 1);
  await pass(1);
  assert.equal(runs, 2);
  await loop.stop();
});

void test("woken, it runs at once; woken while it runs, it runs once more", async (t) => {
  withFakeTime(t);
  let runs = 0;
  const gate = Promise.withResolvers<void>();
  const loop = createLoops(quiet)("test", 1_000, async () => {
    runs += 1;
    if (runs === 2) await gate.promise;
  });
  await settle();
  loop.wake();
  await settle();
  assert.equal(runs, 2);
  loop.wake();
  loop.wake();
  gate.resolve();
  await settle();
  assert.equal(runs, 3);
  await loop.stop();
});

void test("after failures in a row it waits twice as long each time, at most 30 s, and anew after a success", async (t) => {
  const pass = withFakeTime(t);
  let [runs, failing] = [0, true];
  const loop = createLoops(quiet)("test", 60_000, async () => {
    runs += 1;
    if (failing) throw new Error("away");
  });
  await settle();
  for (const pause of [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]) {
    const before = runs;
    // The first 100 ms of a backoff are a timer of their own.
    await pass(99);
    assert.equal(runs, before);
    await pass(1);
    if (pause > 100) {
      await pass(pause - 101);
      assert.equal(runs, before, `before ${pause} ms`);
      await pass(1);
    }
    assert.equal(runs, before + 1, `after ${pause} ms`);
  }
  failing = false;
  await pass(100);
  await pass(29_900);
  const before = runs;
  await pass(60_000);
  assert.equal(runs, before + 1);
  await loop.stop();
});

void test("what it was woken for while it failed does not wait for the whole backoff, nor make a storm", async (t) => {
  const pass = withFakeTime(t);
  let [runs, failing] = [0, true];
  const loop = createLoops(quiet)("test", 60_000, async () => {
    runs += 1;
    await turn();
    if (failing) throw new Error("away");
  });
  for (let n = 0; n < 12; n += 1) {
    await settle();
    await pass(100);
    await pass(30_000);
  }
  await settle();
  const before = runs;
  for (let n = 0; n < 50; n += 1) loop.wake();
  await settle();
  assert.ok(runs <= before + 1);
  failing = false;
  await pass(100);
  await pass(100);
  assert.ok(runs > before);
  await loop.stop();
});

void test("a stop aborts the run's signal, waits for its end, and nothing runs after it", async () => {
  let [aborted, ended, runs] = [false, false, 0];
  const loop = createLoops(quiet)("test", 1, async (signal) => {
    runs += 1;
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => {
      aborted = true;
      setImmediate(resolve);
    });
    await promise;
    ended = true;
  });
  await settle();
  await loop.stop();
  assert.ok(aborted && ended);
  loop.wake();
  await settle();
  assert.equal(runs, 1);
});
