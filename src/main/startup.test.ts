import assert from "node:assert/strict";
import { test } from "node:test";
import { createStartup } from "./startup.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A step that fails so many times first, and keeps what was done. */
const step = (name: string, done: string[], failures = 0) => {
  let left = failures;
  return {
    missing: `${name} is not done`,
    run: () => {
      if (left-- > 0) return Promise.reject(new Error(`${name} failed`));
      done.push(name);
      return Promise.resolve();
    },
  };
};

test("the steps are done in order, each once, and what is missing is the step that is next", async () => {
  const done: string[] = [];
  const startup = createStartup([step("schema", done), step("bus", done)], silent);
  assert.deepEqual([startup.finished, startup.missing()], [false, ["schema is not done"]]);
  await startup.run();
  assert.deepEqual([startup.finished, startup.missing(), done], [true, [], ["schema", "bus"]]);
});

test("a step that fails stops the run, and the next run goes on with it", async () => {
  const done: string[] = [];
  const startup = createStartup([step("schema", done), step("bus", done, 1)], silent);
  await assert.rejects(startup.run(), /bus failed/);
  assert.deepEqual(startup.missing(), ["bus is not done"]);
  await startup.run();
  assert.deepEqual(done, ["schema", "bus"]);
});

test("in the background a step is tried until it is done", async () => {
  const done: string[] = [];
  const finished = Promise.withResolvers<void>();
  const last = { missing: "the end", run: () => Promise.resolve(finished.resolve()) };
  const startup = createStartup([step("schema", done, 2), last], silent);
  startup.runInBackground();
  await finished.promise;
  await startup.stop();
  assert.deepEqual([startup.finished, done], [true, ["schema"]]);
});

test("a stop ends the tries", async () => {
  const startup = createStartup([step("schema", [], Number.POSITIVE_INFINITY)], silent);
  startup.runInBackground();
  await startup.stop();
  assert.equal(startup.finished, false);
});
