import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DomainError } from "../../../contract/problem.ts";
import { createGuessDelay } from "./guess-delay.ts";

const email = "someone@example.org";

const createTest = () => {
  const slept: number[] = [];
  let release: () => void = () => undefined;
  let isHeld = false;
  const delay = createGuessDelay((ms) => {
    slept.push(ms);
    return isHeld ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  });
  return { delay, slept, hold: () => void (isHeld = true), release: () => release() };
};

describe("tries at one account's password", () => {
  it("wait longer after each wrong one, whatever address they come from, and no longer than eight seconds", async () => {
    const { delay, slept } = createTest();
    for (let guess = 0; guess < 12; guess += 1) {
      await delay.wait(email.toUpperCase(), `198.51.100.${guess}`);
      delay.noteWrong(email);
    }
    assert.deepEqual(slept, [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  it("of another account do not wait", async () => {
    const { delay, slept } = createTest();
    for (let guess = 0; guess < 12; guess += 1) delay.noteWrong(email);
    await delay.wait("other@example.org", "198.51.100.1");
    assert.deepEqual(slept, []);
  });

  it("from an address that has signed in to it never wait", async () => {
    const { delay, slept } = createTest();
    delay.noteRight(email, "198.51.100.1");
    for (let guess = 0; guess < 12; guess += 1) delay.noteWrong(email);
    await delay.wait(email, "198.51.100.1");
    assert.deepEqual(slept, []);
  });

  it("wait one at a time from an address, and others beside it", async () => {
    const { delay, slept, hold, release } = createTest();
    for (let guess = 0; guess < 6; guess += 1) delay.noteWrong(email);
    hold();
    const first = delay.wait(email, "198.51.100.1");
    await assert.rejects(
      delay.wait(email, "198.51.100.1"),
      (error) => error instanceof DomainError && error.code === "rate_limited",
    );
    release();
    await first;
    const other = delay.wait(email, "198.51.100.2");
    release();
    await other;
    assert.deepEqual(slept, [1_000, 1_000]);
  });
});
