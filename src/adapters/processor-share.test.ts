import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError } from "../contract/problem.ts";
import { createProcessorShare } from "./processor-share.ts";

/** A clock that only work moves, and that goes on by itself where waiting needs it to. */
const createTestClock = () => {
  let at = 0;
  const now = (): number => (at += 0.01);
  return { clocks: { now, worked: now }, work: (ms: number) => void (at += ms) };
};

describe("long work", () => {
  it("goes on at once while it is short", () => {
    const { clocks, work } = createTestClock();
    const long = createProcessorShare(clocks).begin("someone");
    work(3);
    assert.equal(long.giveWay(), undefined);
    work(2);
    assert.ok(long.giveWay() instanceof Promise);
  });

  it("does not count what it waited for", () => {
    const { clocks, work } = createTestClock();
    const long = createProcessorShare(clocks).begin("someone");
    work(1_000);
    long.resume();
    assert.equal(long.giveWay(), undefined);
  });

  it("of several users takes turns, and lets everything else in between", async () => {
    const { clocks, work } = createTestClock();
    const share = createProcessorShare(clocks);
    const order: string[] = [];
    const run = async (user: string): Promise<void> => {
      const long = share.begin(user);
      for (let step = 0; step < 3; step += 1) {
        work(5);
        await long.giveWay();
        order.push(user);
      }
    };
    let others = 0;
    const other = setInterval(() => (others += 1), 0);
    const first = [run("one"), run("one"), run("other")];
    await Promise.all(first);
    clearInterval(other);
    assert.deepEqual(order.slice(0, 3).toSorted(), ["one", "one", "other"]);
    assert.notDeepEqual(order.slice(0, 2), ["one", "one"]);
    assert.equal(order.length, 9);
  });

  it("is refused when too many of one user wait, and nobody else is", async () => {
    const { clocks, work } = createTestClock();
    const share = createProcessorShare(clocks);
    const works = Array.from({ length: 9 }, () => share.begin("one"));
    const other = share.begin("other");
    work(5);
    const waiting = works.slice(0, 8).map((long) => long.giveWay());
    assert.throws(
      () => works[8]?.giveWay(),
      (error) => error instanceof DomainError && error.code === "rate_limited",
    );
    await Promise.all([...waiting, other.giveWay()]);
  });
});
