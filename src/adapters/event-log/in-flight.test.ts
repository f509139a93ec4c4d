import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createInFlight } from "./in-flight.ts";

void test("there is no room beyond the most, nor beyond one task's share", () => {
  const inFlight = createInFlight({ most: 3, mostOfOneTask: 2 });
  assert.deepEqual(
    [1, 2, 3].map((position) => inFlight.add({ position, taskId: "a" })),
    [true, true, false],
  );
  assert.deepEqual(inFlight.crowdedTasks(), ["a"]);
  assert.ok(inFlight.full);
  assert.ok(inFlight.add({ position: 4, taskId: "b" }));
  assert.ok(!inFlight.add({ position: 5, taskId: "c" }));
  assert.equal(inFlight.room, 0);
  inFlight.remove(1);
  assert.deepEqual(
    [inFlight.room, inFlight.full, inFlight.crowdedTasks(), inFlight.positions()],
    [1, false, [], [2, 4]],
  );
});

void test("whatever is added and removed, room and shares come back", () => {
  const step = fc.record({ position: fc.nat(20), taskId: fc.constantFrom("a", "b", "c"), remove: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const inFlight = createInFlight({ most: 6, mostOfOneTask: 3 });
      const kept = new Map<number, string>();
      for (const { position, taskId, remove } of steps) {
        if (remove) {
          inFlight.remove(position);
          kept.delete(position);
        } else if (!kept.has(position) && inFlight.add({ position, taskId })) kept.set(position, taskId);
      }
      assert.deepEqual(inFlight.positions(), [...kept.keys()]);
      assert.equal(inFlight.room, 6 - kept.size);
      for (const ofTask of Map.groupBy(kept.values(), (taskId) => taskId).values()) assert.ok(ofTask.length <= 3);
    }),
  );
});
