import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import type { ReminderTrigger } from "../../ports.ts";
import { createTimerTrigger } from "./timer.ts";

let trigger: ReminderTrigger;
let rings: number;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  rings = 0;
  trigger = createTimerTrigger();
  trigger.start(async () => {
    rings += 1;
  });
});

const set = (inMs: number): void => trigger.set({ at: 0, inMs });
/** How often it has rung when so much more time has passed. */
const after = (ms: number): number => {
  mock.timers.tick(ms);
  return rings;
};

describe("the timer of reminders", () => {
  it("rings once, at the moment or just after it", () => {
    set(99.2);
    assert.deepEqual([after(99), after(1), after(60_000)], [0, 1, 1]);
  });

  it("rings for what has passed already", () => {
    set(-5_000);
    assert.equal(after(1), 1);
  });

  it("rings for the earlier of two, in whatever order they were set", () => {
    // Far apart, because the clock that compares them goes on.
    set(50_000);
    set(100);
    set(30_000);
    assert.deepEqual([after(100), after(60_000)], [1, 1]);
  });

  it("is set again after it rang", () => {
    set(100);
    assert.equal(after(100), 1);
    set(300);
    assert.deepEqual([after(299), after(1)], [1, 2]);
  });

  it("rings early rather than wait longer than a timer can", () => {
    set(2 ** 40);
    assert.deepEqual([after(59_999), after(1)], [0, 1]);
  });

  it("goes on when what it woke failed", async () => {
    const failing = createTimerTrigger();
    failing.start(() => Promise.reject(new Error("the database is away")));
    failing.set({ at: 0, inMs: 10 });
    mock.timers.tick(10);
    await Promise.resolve();
    failing.start(async () => {
      rings += 1;
    });
    failing.set({ at: 0, inMs: 10 });
    assert.equal(after(10), 1);
  });

  it("is silent after the stop", async () => {
    set(100);
    await trigger.stop();
    set(50);
    assert.equal(after(60_000), 0);
  });
});
