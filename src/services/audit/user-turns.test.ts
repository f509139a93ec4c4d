import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createUserTurns } from "./user-turns.ts";

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** Work that ends when the test says so. */
const start = () => {
  const turns = createUserTurns();
  const begun: string[] = [];
  const works = new Map<string, { end: () => void; fail: (error: Error) => void }>();
  const ask = (name: string, users: readonly string[]): Promise<string> =>
    turns.run(
      users,
      () =>
        new Promise((resolve, reject) => {
          begun.push(name);
          works.set(name, { end: () => resolve(name), fail: reject });
        }),
    );
  return { ask, begun, works };
};

describe("turns of users", () => {
  it("let different users run at once, and one user's work wait for what was asked before", async () => {
    const { ask, begun, works } = start();
    void ask("one", ["a", "b"]);
    void ask("two", ["c"]);
    void ask("three", ["b", "c"]);
    void ask("four", ["a"]);
    void ask("five", ["c"]);
    await settle();
    assert.deepEqual(begun, ["one", "two"]);
    works.get("one")?.end();
    await settle();
    assert.deepEqual(begun, ["one", "two", "four"], "three waits for two");
    works.get("two")?.end();
    await settle();
    assert.deepEqual(begun, ["one", "two", "four", "three"]);
    works.get("three")?.end();
    await settle();
    assert.deepEqual(begun.at(-1), "five");
  });

  it("go on after a failure, which only its own caller hears of", async () => {
    const { ask, begun, works } = start();
    const first = assert.rejects(ask("one", ["a"]), /no/);
    const second = ask("two", ["a"]);
    await settle();
    works.get("one")?.fail(new Error("no"));
    await first;
    await settle();
    assert.deepEqual(begun, ["one", "two"]);
    works.get("two")?.end();
    assert.equal(await second, "two");
  });
});
