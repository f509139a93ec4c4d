import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DomainError } from "../../../contract/problem.ts";
import { createRegistry } from "./registry.ts";
import type { Stream } from "./stream.ts";

test("the fourth stream of a user is refused with a time to come back, and another user's is not", () => {
  const registry = createRegistry(3, 30);
  const [first] = [registry.add("ada"), registry.add("ada"), registry.add("ada")];
  assert.throws(
    () => registry.add("ada"),
    (error) => error instanceof DomainError && error.code === "too_many_streams" && (error.extras.retryAfter ?? 0) > 0,
  );
  assert.equal(registry.add("bob").userId, "bob");
  registry.remove(first);
  assert.equal(registry.add("ada").userId, "ada");
});

test("a stream is removed once, however often it is said", () => {
  const registry = createRegistry(3, 2);
  const stream = registry.add("ada");
  registry.add("ada");
  registry.remove(stream);
  registry.remove(stream);
  assert.equal(registry.size, 1);
  assert.equal(registry.of("ada").length, 1);
});

test("each stream has one turn in the round, and turns are spread evenly", () => {
  const slots = 7;
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (users) => {
      const registry = createRegistry(1_000, slots);
      const streams = users.map((user) => registry.add(`user ${user}`));
      const turns = Array.from({ length: slots }, (_, slot) => [...registry.inSlot(slot)]);
      assert.deepEqual(new Set(turns.flat()), new Set<Stream>(streams));
      assert.equal(turns.flat().length, streams.length);
      assert.ok(Math.max(...turns.map(({ length }) => length)) <= Math.ceil(streams.length / slots));
    }),
  );
});
