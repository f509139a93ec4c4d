import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { sameValue } from "./same-value.ts";

describe("two values", () => {
  it("are the same by what is in them, whatever the order of keys", () => {
    assert.ok(sameValue([{ id: "a", offset: null }], [{ offset: null, id: "a" }]));
    assert.ok(!sameValue([{ id: "a" }, { id: "b" }], [{ id: "b" }, { id: "a" }]), "the order of a list counts");
    assert.ok(!sameValue([{ id: "a" }], [{ id: "a", offset: "PT1H" }]));
    assert.ok(!sameValue([], [null]));
    assert.ok(!sameValue("1", 1));
    assert.ok(!sameValue({}, null));
  });

  it("are the same as none when empty", () => {
    for (const none of [undefined, null, []])
      for (const other of [undefined, null, []]) assert.ok(sameValue(none, other));
    for (const some of [0, "", false, {}]) assert.ok(!sameValue(some, null));
  });

  it("are the same after JSON and back", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => assert.ok(sameValue(value, JSON.parse(JSON.stringify(value))))));
  });

  it("are the same in either order", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (one, other) =>
        assert.equal(sameValue(one, other), sameValue(other, one)),
      ),
    );
  });
});
